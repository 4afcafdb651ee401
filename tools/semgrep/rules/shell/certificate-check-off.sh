# ruleid: certificate-check-off
curl -fsk "$url"
# ruleid: certificate-check-off
curl --insecure "$url"
# ruleid: certificate-check-off
wget --no-check-certificate "$url"
# ruleid: certificate-check-off
kubectl --insecure-skip-tls-verify get pods
# ruleid: certificate-check-off
git -c http.sslVerify=false clone "$url"
# ok: certificate-check-off
curl -fsS --cacert "$authority" "$url"
# ok: certificate-check-off
curl -fsS --keepalive-time 5 "$url"
# ok: certificate-check-off
sort -k 2 list
# ok: certificate-check-off
echo "curl needs a certificate"
