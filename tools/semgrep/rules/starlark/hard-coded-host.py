# ruleid: hard-coded-host
http_archive(name = "zlib", sha256 = "9f86", urls = ["https://zlib.net/zlib-1.3.1.tar.gz"])
# ruleid: hard-coded-host
REGISTRY = "oci://charts.acme.dev/team"
# ruleid: hard-coded-host
env = {"GOPROXY": "https://modules.acme.dev"}
# ok: hard-coded-host
helm_push(name = "push", repository = "oci://localhost:5000/charts")
# ok: hard-coded-host
argocd_app(name = "web", repo_url = "https://git.example.org/homelab.git")
# ok: hard-coded-host
fail("expected an address such as https://zlib.net/")
# ok: hard-coded-host
path = "file:///srv/mirror"
# ok: hard-coded-host
destination = "https://kubernetes.default.svc"
# ok: hard-coded-host
argocd_app(name = "web", chart_repository = "oci://registry.example/charts")
# ok: hard-coded-host
helm_push(name = "push", repository = REGISTRY)
