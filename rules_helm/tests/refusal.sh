#!/usr/bin/env bash
# Runs a command that has to fail, and looks for each expected text in what it says.
# usage: refusal.sh EXPECTED... -- COMMAND...
set -euo pipefail
expected=()
while [ "$1" != -- ]; do
  expected+=("$1")
  shift
done
shift
if "$@" >"$TEST_TMPDIR/said" 2>&1; then
  printf 'expected a failure, but it passed: %s\n' "$*" >&2
  exit 1
fi
for text in "${expected[@]}"; do
  if ! grep -qF -- "$text" "$TEST_TMPDIR/said"; then
    printf 'expected a message with: %s\nreceived:\n' "$text" >&2
    cat "$TEST_TMPDIR/said" >&2
    exit 1
  fi
done
