#!/bin/sh
# Stands for semgrep-core-proprietary: scans with the semgrep-core beside it; with a rule file flags.yaml it ends with its flags instead.
set -eu
folder=$(dirname "$0")
flags=none
wanted=
count=$#
while [ "$count" -gt 0 ]; do
  word=$1
  shift
  count=$((count - 1))
  case $word in
    -pro_intra_file) flags=$word ;;
    -pro_inter_file)
      flags="$word $1 $2 with $(cd "$3" && find . -type l | sort | tr '\n' ' ')"
      shift 3
      count=$((count - 3))
      ;;
    *) set -- "$@" "$word" ;;
  esac
  case $word in */flags.yaml) wanted=yes ;; esac
done
if [ -n "$wanted" ]; then
  echo "installed by $(cat "$folder/pro-installed-by.txt"), flags: $flags" >&2
  exit 3
fi
exec "$folder/semgrep-core" "$@"
