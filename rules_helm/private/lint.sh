#!/usr/bin/env bash
# usage: lint.sh HELM_SH HELM LABEL CHART_YAML ARCHIVE KUBE_VERSION [values files...]
set -euo pipefail
export helm_bin=$PWD/$2
work=
label=$3 chart=$4 archive=$5 kube_version=$6
# shellcheck source=/dev/null
. "$1"
shift 6
flags=()
for values in "$@"; do flags+=(--values "$values"); done
if ! helm lint --strict --kube-version "$kube_version" "${flags[@]+"${flags[@]}"}" "$archive" >"$work/log" 2>&1; then
  fail "$label: helm lint --strict found faults in the chart" "chart: $chart" "values: ${*:-its own}" "$(cat "$work/log")"
fi
