#!/usr/bin/env bash
# Packs a chart's archive anew, several times and with other times on its files, and expects the same bytes.
# usage: reproducible.sh HELM_SH HELM PACKAGE_SH ARCHIVE
set -euo pipefail
helm_sh=$1 helm=$2 package=$3 archive=$4
files=$TEST_TMPDIR/files
mkdir "$files"
tar -xzf "$archive" -C "$files"
chart=$(ls "$files")
for _ in 1 2 3 4 5 6 7 8; do
  find "$files" -exec touch {} +
  rm -f again.tgz
  (cd "$files/$chart" && find . -type f | sed 's#^\./##' | while read -r place; do printf '%s\t%s\n' "$files/$chart/$place" "$place"; done) >"$TEST_TMPDIR/layout"
  bash "$package" "$helm_sh" "$helm" again again.tgz "$TEST_TMPDIR/layout"
  cmp "$archive" again.tgz || { printf 'packed again, %s has other bytes\n' "$archive" >&2 && exit 1; }
done
