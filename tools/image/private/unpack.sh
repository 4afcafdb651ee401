#!/usr/bin/env bash
# Unpacks Debian packages into ROOT, leaves out what the patterns name, and lists what remains: type, path, and a link's target.
# usage: unpack.sh ROOT PATTERN... -- DEB...
set -euo pipefail
shopt -s extglob nullglob dotglob
export LC_ALL=C
umask 022
root=$1 patterns=()
shift
while [[ $1 != -- ]]; do
  patterns+=("$1")
  shift
done
shift

mkdir -p "$root/var/lib/dpkg/status.d"
for deb in "$@"; do
  dpkg-deb -x "$deb" "$root"
  # Scanners of images find packages and versions here.
  dpkg-deb -f "$deb" >"$root/var/lib/dpkg/status.d/$(dpkg-deb -f "$deb" Package)"
done

cd "$root"
if [[ -d usr/share/ca-certificates ]]; then
  mkdir -p etc/ssl/certs
  find usr/share/ca-certificates -name '*.crt' | sort | xargs cat >etc/ssl/certs/ca-certificates.crt
  rm -r usr/share/ca-certificates
fi
IFS=
for pattern in "${patterns[@]}"; do
  # The pattern has to be expanded here.
  # shellcheck disable=SC2086
  for path in $pattern; do rm -rf -- "$path"; done
done
chmod -R u+rwX .
find . -mindepth 1 \( -type d -printf 'dir %P\n' -o -type l -printf 'link %P %l\n' -o -type f -perm /111 -printf 'program %P\n' -o -type f -printf 'file %P\n' \) | sort -k2
