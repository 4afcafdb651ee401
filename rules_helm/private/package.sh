#!/usr/bin/env bash
# Packs a chart: lays it out as helm wants it, lets helm check and normalise it, and archives the result in one order with one time.
# usage: package.sh HELM_SH HELM LABEL OUT LAYOUT, where LAYOUT has a line `source<tab>place in the chart` for each file
set -euo pipefail
export helm_bin=$PWD/$2
work=
label=$3 out=$PWD/$4 layout=$5
# shellcheck source=/dev/null
. "$1"

mkdir "$work/chart" "$work/packed" "$work/unpacked"
while IFS=$'\t' read -r source place; do
  mkdir -p "$work/chart/$(dirname "$place")"
  cp -L "$source" "$work/chart/$place"
done <"$layout"
find "$work/chart" -type f -exec chmod 644 {} +

if ! helm package "$work/chart" --destination "$work/packed" >"$work/log" 2>&1; then
  hint="Chart and files: $(cut -f1 "$layout" | tr '\n' ' ')"
  if grep -q 'missing in charts' "$work/log"; then hint="Add the helm_chart of each dependency that is missing to deps of $label."; fi
  fail "$label: helm could not pack the chart" "$(sed "s#$work/chart#chart#g" "$work/log")" "$hint"
fi

# helm orders dependencies anew each time, so its archive is not the one that is kept.
tar -xzf "$work"/packed/*.tgz -C "$work/unpacked"
cd "$work/unpacked"
find . -type f | sed 's#^\./##' | LC_ALL=C sort >"$work/files"
find . -type d -exec chmod 755 {} +
find . -type f -exec chmod 644 {} + -exec env TZ=UTC touch -t 198001010000.00 {} +
if tar --version | grep -q GNU; then owner=(--owner=0 --group=0 --numeric-owner); else owner=(--uid 0 --gid 0 --numeric-owner); fi
COPYFILE_DISABLE=1 tar -c --format=ustar "${owner[@]}" -T "$work/files" -f "$work/chart.tar"
gzip -9 -n <"$work/chart.tar" >"$out"
