# ruleid: download-into-shell
curl -fsSL "$url/install.sh" | sh
# ruleid: download-into-shell
wget -qO- "$url" | sudo bash -s -- --yes
# ruleid: download-into-shell
bash <(curl -fsSL "$url")
# ruleid: download-into-shell
sh -c "$(curl -fsSL "$url")"
# ruleid: download-into-shell
curl -fsSL "$url" | python3 -
# ok: download-into-shell
curl -fsSL -o "$work/tool.tgz" "$url"
# ok: download-into-shell
curl -fsSL "$url" | sha256sum -c -
# ok: download-into-shell
curl -fsSL "$url" | tee install.sh
# ok: download-into-shell
cat setup.txt | sh
# ok: download-into-shell
# curl -fsSL "$url" | sh is what this script replaces
