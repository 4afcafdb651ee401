#!/usr/bin/env bash
# Renders a chart into one file, or into a folder with a file for each resource.
# usage: render.sh HELM_SH HELM ARRANGE_AWK LABEL ARCHIVE FORM OUT FLAGS, where
#   FORM   sorted | helm | split
#   FLAGS  is a file with one line for each of: release R, namespace N, kube-version V, api-versions A, include-crds, skip-tests,
#          values FILE, set K=V, set-from K=FILE; word and value are separated by a tab
set -euo pipefail
export helm_bin=$PWD/$2
work=
arrange=$3 label=$4 archive=$5 form=$6 out=$7 flags_file=$8
# shellcheck source=/dev/null
. "$1"

release=release
flags=()
inputs=()
while IFS=$'\t' read -r word value; do
  case $word in
    release) release=$value ;;
    include-crds | skip-tests) flags+=("--$word") ;;
    set-from)
      key=${value%%=*}
      flags+=(--set-string "$key=$(cat "${value#*=}")")
      inputs+=("$word $value")
      ;;
    values | set)
      flags+=("--$word" "$value")
      inputs+=("$word $value")
      ;;
    *) flags+=("--$word" "$value") ;;
  esac
done <"$flags_file"

if ! helm template "$release" "$archive" ${flags[@]+"${flags[@]}"} >"$work/rendered" 2>"$work/log"; then
  fail "$label: helm could not render the chart" "chart:  $archive" "inputs: ${inputs[*]:-the values of the chart itself}" "$(cat "$work/log")"
fi
if [ -s "$work/log" ]; then cat "$work/log" >&2; fi

case $form in
  helm) cp "$work/rendered" "$out" ;;
  *)
    if [ "$form" = split ]; then mkdir -p "$out"; fi
    if ! LC_ALL=C awk -v form="$form" -v out="$out" -f "$arrange" "$work/rendered" 2>"$work/log"; then
      fail "$label: what the chart rendered could not be put in order" "chart:  $archive" "inputs: ${inputs[*]:-the values of the chart itself}" "$(cat "$work/log")"
    fi
    ;;
esac
