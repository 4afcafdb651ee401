#!/usr/bin/env bash
# usage: determinism_test.sh HELM_SH HELM ARRANGE_AWK UNSTABLE_AWK RENDER_SH LABEL ARCHIVE FLAGS ALLOWED
set -euo pipefail
export helm_bin=$PWD/$2
work=
helm_sh=$1 helm=$2 arrange=$3 unstable=$4 render=$5 label=$6 archive=$7 flags=$8 allowed=$9
# shellcheck source=/dev/null
. "$helm_sh"

mkdir "$work/chart"
tar -xzf "$archive" -C "$work/chart"
find "$work/chart" -path '*/templates/*' -type f | LC_ALL=C sort >"$work/templates"
if [ -s "$work/templates" ]; then
  if ! (cd "$work/chart" && sed "s#^$work/chart/##" "$work/templates" | tr '\n' '\0' | xargs -0 env LC_ALL=C awk -v allow=" $allowed " -f "$OLDPWD/$unstable") >"$work/calls"; then
    fail "$label: templates call functions whose result is not the same each time" "$(cat "$work/calls")" \
      'Take the value from values or from a Secret that exists; or, if this rendering does not come by, name the function in allow.'
  fi
fi

export helm_zone=Pacific/Kiritimati
bash "$render" "$helm_sh" "$helm" "$arrange" "$label" "$archive" helm "$work/first" "$flags"
sleep 1.1
export helm_zone=Pacific/Niue
bash "$render" "$helm_sh" "$helm" "$arrange" "$label" "$archive" helm "$work/second" "$flags"
if ! diff -u "$work/first" "$work/second" >"$work/diff"; then
  fail "$label: two renderings of one chart with the same values differ" "$(tail -n +3 "$work/diff" | head -n 200)" \
    'A template, or a value that goes through tpl, uses the time, chance or the order of a map.'
fi
