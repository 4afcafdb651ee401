#!/usr/bin/env bash
# Compares what was committed with what the chart renders to; under `bazel run`, takes the latter over.
# usage: template_test.sh HELM_SH HELM LABEL RENDERED GOLDEN...
set -euo pipefail
label=$3 rendered=$4
shift 4

take_over() {
  local golden folder
  golden=$(readlink -f "$1")
  case $golden in
    "$(readlink -f "$BUILD_WORKSPACE_DIRECTORY")"/*) ;;
    *) printf 'rules_helm: %s: %s lies outside of this workspace; run this in its own\n' "$label" "$golden" >&2 && exit 1 ;;
  esac
  if [ -d "$rendered" ]; then
    folder=$(dirname "$golden")
    for golden in "$@"; do rm -f "$(readlink -f "$golden")"; done
    cp -L "$rendered"/* "$folder/"
    chmod 644 "$folder"/*.yaml
  else
    cp -L "$rendered" "$golden.part"
    chmod 644 "$golden.part"
    mv "$golden.part" "$golden"
  fi
}

if [ -n "${BUILD_WORKSPACE_DIRECTORY:-}" ]; then
  take_over "$@"
  exit 0
fi

golden=$1
if [ -d "$rendered" ]; then
  golden=$TEST_TMPDIR/committed
  mkdir "$golden"
  cp -L "$@" "$golden/"
fi
found=$TEST_TMPDIR/diff
if diff -r -u "$golden" "$rendered" >"$found"; then exit 0; fi
{
  printf '\nrules_helm: %s: %s is not what the chart renders to (- committed, + rendered)\n\n' "$label" "$1"
  head -n 400 "$found"
  printf '\nIf what was rendered is meant, take it over:\n\n    bazel run %s\n\n' "$label"
} >&2
exit 1
