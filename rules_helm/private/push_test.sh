#!/usr/bin/env bash
# usage: push_test.sh HELM_SH HELM CRANE PUSH_SH LABEL ARCHIVE DIGEST_FILE
set -euo pipefail
helm_sh=$1 helm=$2 crane=$3 push=$4 label=$5 archive=$6 digest=$7
export HOME=$TEST_TMPDIR TMPDIR=$TEST_TMPDIR
"$crane" registry serve --address 127.0.0.1:0 >"$TEST_TMPDIR/registry" 2>&1 &
registry=$!
trap 'kill "$registry"' EXIT
port=
for _ in $(seq 100); do
  port=$(sed -nE 's/.*serving on port ([0-9]+).*/\1/p' "$TEST_TMPDIR/registry")
  if [ -n "$port" ]; then break; fi
  sleep 0.1
done
[ -n "$port" ] || { cat "$TEST_TMPDIR/registry" >&2 && exit 1; }

bash "$push" "$helm_sh" "$helm" "$label" "$archive" "$digest" "oci://127.0.0.1:$port/charts" --plain-http | tee "$TEST_TMPDIR/log"
reference=$(sed -n 's/^Pushed: //p' "$TEST_TMPDIR/log")
found=$("$crane" digest --insecure "$reference")
if [ "$found" != "$(cat "$digest")" ]; then
  printf 'rules_helm: %s: expected %s in the registry, found %s\n' "$label" "$(cat "$digest")" "$found" >&2
  exit 1
fi
