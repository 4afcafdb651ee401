#!/usr/bin/env bash
# Pushes a chart with the user's own credentials, and checks that the registry's digest is the one that the build told.
# usage: push.sh HELM_SH HELM LABEL ARCHIVE DIGEST_FILE REPOSITORY [--repository oci://...] [flags of helm push...]
set -euo pipefail
helm=$PWD/$2 label=$3 archive=$4 digest=$(cat "$5") repository=$6
shift 6
flags=()
while [ $# -gt 0 ]; do
  case $1 in
    --repository) repository=${2:?--repository: expected oci://HOST/PATH} && shift ;;
    *) flags+=("$1") ;;
  esac
  shift
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# helm writes the archive's time into the manifest.
cp -L "$archive" "$folder/chart.tgz"
chmod u+w "$folder/chart.tgz"
TZ=UTC touch -t 198001010000.00 "$folder/chart.tgz"
if ! TZ=UTC "$helm" push "$folder/chart.tgz" "$repository" ${flags[@]+"${flags[@]}"} >"$folder/log" 2>&1; then
  printf '\nrules_helm: %s: helm could not push to %s\n  ' "$label" "$repository" >&2
  cat "$folder/log" >&2
  printf '  Log in with `helm registry login`; --plain-http and other flags of helm push can follow --.\n\n' >&2
  exit 1
fi
cat "$folder/log"
pushed=$(sed -n 's/^Digest: //p' "$folder/log")
if [ "$pushed" != "$digest" ]; then
  printf '\nrules_helm: %s: the registry has another digest than the build\n  expected %s\n  received %s\n\n' "$label" "$digest" "$pushed" >&2
  exit 1
fi
