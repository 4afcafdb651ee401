#!/usr/bin/env bash
# Writes the digest that a chart will have in a registry, without a registry.
# usage: digest.sh HELM_SH HELM LABEL DIGEST_TPL ARCHIVE OUT
set -euo pipefail
export helm_bin=$PWD/$2
work=
label=$3 template=$4 archive=$5 out=$6
# shellcheck source=/dev/null
. "$1"
mkdir -p "$work/chart/templates"
printf 'apiVersion: v2\nname: digest\nversion: 0.0.0\n' >"$work/chart/Chart.yaml"
cp "$template" "$work/chart/templates/digest.yaml"
if command -v sha256sum >/dev/null; then sum=(sha256sum); else sum=(shasum -a 256); fi
layer=$("${sum[@]}" <"$archive" | cut -d' ' -f1)
size=$(wc -c <"$archive" | tr -d ' ')
if ! {
  helm show chart "$archive" >"$work/chart/meta.yaml" &&
    helm template digest "$work/chart" --set-string "layer=$layer,size=$size" >"$work/digest"
} 2>"$work/log"; then
  fail "$label: the digest of the chart could not be told" "$(cat "$work/log")"
fi
sed -n 's/^digest: //p' "$work/digest" | tr -d '\n' >"$out"
