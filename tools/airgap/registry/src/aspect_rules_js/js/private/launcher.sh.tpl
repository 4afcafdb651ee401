#!/usr/bin/env bash
# Starts {{target}} on Node.
set -o pipefail -o errexit -o nounset

{{env}}
export JS_BINARY__LOG_PREFIX='{{log_prefix}}'

log() {
  local level=$1 switch=JS_BINARY__LOG_$1
  shift
  if [ "${!switch:-}" ]; then echo "$level: $JS_BINARY__LOG_PREFIX: $*" >&2; fi
}
fatal() {
  log FATAL "$@"
  exit 1
}

if [ "${1:-}" = --bazel-bindir ]; then
  [ $# -ge 2 ] || fatal '--bazel-bindir needs a value'
  export BAZEL_BINDIR=$2
  shift 2
fi

# Captured streams, as absolute paths: the working directory changes below.
capture_path() {
  case $1 in
    bazel-out/*) echo "$PWD/$1" ;;
    *) echo "$PWD/${BAZEL_BINDIR:-$JS_BINARY__BINDIR}/$1" ;;
  esac
}
stdout=${JS_BINARY__STDOUT_OUTPUT_FILE:-}
stderr=${JS_BINARY__STDERR_OUTPUT_FILE:-}
exit_code_file=${JS_BINARY__EXIT_CODE_OUTPUT_FILE:-}
silent=${JS_BINARY__SILENT_ON_SUCCESS:-}
if [ "$stdout" ]; then stdout=$(capture_path "$stdout"); fi
if [ "$stderr" ]; then stderr=$(capture_path "$stderr"); fi
if [ "$exit_code_file" ]; then exit_code_file=$(capture_path "$exit_code_file"); fi
unset JS_BINARY__STDOUT_OUTPUT_FILE JS_BINARY__STDERR_OUTPUT_FILE JS_BINARY__EXIT_CODE_OUTPUT_FILE JS_BINARY__SILENT_ON_SUCCESS

find_runfiles() {
  local self=$0 last='' link
  if [ "${TEST_SRCDIR:-}" ]; then
    echo "$TEST_SRCDIR"
    return
  fi
  case ${RUNFILES_MANIFEST_FILE:-} in
    *.runfiles_manifest)
      echo "${RUNFILES_MANIFEST_FILE%_manifest}"
      return
      ;;
    */MANIFEST)
      echo "${RUNFILES_MANIFEST_FILE%/MANIFEST}"
      return
      ;;
  esac
  [ "${self:0:1}" = / ] || self=$PWD/$self
  while true; do
    if [ -e "$self.runfiles" ]; then
      last=$self.runfiles
      break
    fi
    case $self in *.runfiles/*) last=${self%%.runfiles/*}.runfiles ;; esac
    [ -L "$self" ] || break
    link=$(readlink "$self")
    case $link in
      /*) self=$link ;;
      *) self=$(dirname "$self")/$link ;;
    esac
  done
  echo "$last"
}
runfiles=$(find_runfiles)
[ "$runfiles" ] || fatal "no runfiles beside $0; start {{target}} by bazel run or from its place in bazel-bin"
[ "${runfiles:0:1}" = / ] || runfiles=$PWD/$runfiles
export JS_BINARY__RUNFILES=$runfiles RUNFILES_DIR=${RUNFILES_DIR:-$runfiles}

# The execution root: where an action starts, or above the last bazel-out of a runfiles folder.
inherited=
if [ "${JS_BINARY__USE_EXECROOT_ENTRY_POINT:-}" ] && [ "${JS_BINARY__EXECROOT:-}" ]; then inherited=1; fi
if [[ $PWD == */bazel-out/* && (-z ${BAZEL_BINDIR:-} || ! -d $PWD/${BAZEL_BINDIR:-}) ]]; then
  if [ -z "$inherited" ]; then JS_BINARY__EXECROOT=${PWD%/bazel-out/*}; fi
else
  if [ -z "$inherited" ]; then JS_BINARY__EXECROOT=$PWD; fi
  if [ -z "${JS_BINARY__NO_CD_BINDIR:-}" ]; then
    [ "${BAZEL_BINDIR:-}" ] || fatal 'BAZEL_BINDIR is not set: in an action start a js_binary by js_run_binary or js_binary_lib.run_binary_action, elsewhere set BAZEL_BINDIR=.'
    cd "$BAZEL_BINDIR"
  fi
fi
export JS_BINARY__EXECROOT

in_output_tree() {
  case $1 in
    ../*) echo "$JS_BINARY__EXECROOT/${BAZEL_BINDIR:-$JS_BINARY__BINDIR}/external/${1:3}" ;;
    *) echo "$JS_BINARY__EXECROOT/${BAZEL_BINDIR:-$JS_BINARY__BINDIR}/$1" ;;
  esac
}
if [ "${JS_BINARY__USE_EXECROOT_ENTRY_POINT:-}" ]; then
  [ "${BAZEL_BINDIR:-}" ] || fatal 'BAZEL_BINDIR has to be set where JS_BINARY__USE_EXECROOT_ENTRY_POINT is'
  [ "${JS_BINARY__COPY_DATA_TO_BIN:-}${JS_BINARY__ALLOW_EXECROOT_ENTRY_POINT_WITH_NO_COPY_DATA_TO_BIN:-}" ] ||
    fatal 'a tool of js_run_binary has to have copy_data_to_bin, or use_execroot_entry_point = False'
  entry_point=$(in_output_tree '{{entry_point}}')
else
  entry_point=$runfiles/{{workspace}}/{{entry_point}}
fi
[ -f "$entry_point" ] || fatal "the entry_point '$entry_point' not found"

node='{{node}}'
[ "${node:0:1}" = / ] || node=$runfiles/{{workspace}}/$node
[ -x "$node" ] || fatal "node binary '$node' not found or not executable"
export JS_BINARY__NODE_BINARY=$node
export JS_BINARY__NODE_WRAPPER=$runfiles/{{workspace}}/{{node_wrapper}}
export JS_BINARY__NODE_PATCHES=$runfiles/{{workspace}}/{{preload}}
[ -x "$JS_BINARY__NODE_WRAPPER" ] || fatal "node wrapper '$JS_BINARY__NODE_WRAPPER' not found or not executable"
export PATH="${JS_BINARY__NODE_WRAPPER%/*}:$PATH"
export JS_BINARY__FS_PATCH_ROOTS=${JS_BINARY__FS_PATCH_ROOTS:-$JS_BINARY__EXECROOT:$runfiles}
if [ -z "${NODE_COMPILE_CACHE:-}" ]; then export NODE_DISABLE_COMPILE_CACHE=${NODE_DISABLE_COMPILE_CACHE:-1}; fi
if [ "${COVERAGE_DIR:-}" ]; then export NODE_V8_COVERAGE=$COVERAGE_DIR; fi

case ${JS_BINARY__CHDIR:-} in
  '') ;;
  external/*) cd "$(in_output_tree "$JS_BINARY__CHDIR")" ;;
  *) cd "$JS_BINARY__CHDIR" ;;
esac

options=({{node_options}})
args=()
for arg in {{fixed_args}} "$@"; do
  case $arg in
    --node_options=*) options+=("${arg#--node_options=}") ;;
    *) args+=("$arg") ;;
  esac
done
command=("$node" --require "$JS_BINARY__NODE_PATCHES" ${options[@]+"${options[@]}"} -- "$entry_point" ${args[@]+"${args[@]}"})
log INFO "working directory $PWD, execution root $JS_BINARY__EXECROOT, runfiles $runfiles"
log INFO "running ${command[*]}"

# Nothing has to be done after the program: become it.
if [ -z "${JS_BINARY__EXPECTED_EXIT_CODE:-}$exit_code_file" ] && [[ -z $silent || ($stdout && $stderr) ]]; then
  if [ "$stdout" ]; then exec >>"$stdout"; fi
  if [ "$stderr" ]; then exec 2>>"$stderr"; fi
  exec "${command[@]}"
fi

# Streams without a file of their own are kept until it is known whether the program fails.
kept=()
if [ "$silent" ] && [ -z "$stdout" ]; then
  stdout=$(mktemp)
  kept+=("$stdout" 1)
fi
if [ "$silent" ] && [ -z "$stderr" ]; then
  stderr=$(mktemp)
  kept+=("$stderr" 2)
fi
(
  if [ "$stdout" ]; then exec >>"$stdout"; fi
  if [ "$stderr" ]; then exec 2>>"$stderr"; fi
  exec "${command[@]}"
) <&0 &
child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM
trap 'kill -INT "$child" 2>/dev/null' INT
code=0
wait "$child" || code=$?
while kill -0 "$child" 2>/dev/null; do
  code=0
  wait "$child" || code=$?
done
trap - TERM INT

expected=${JS_BINARY__EXPECTED_EXIT_CODE:-}
result=$code
if [ "$expected" ]; then
  result=0
  if [ "$code" != "$expected" ]; then result=$((code == 0 ? 3 : code)); fi
elif [ "$exit_code_file" ]; then
  printf %s "$code" >"$exit_code_file"
  result=0
fi
set -- ${kept[@]+"${kept[@]}"}
while [ $# -gt 0 ]; do
  if [ "$result" != 0 ]; then cat "$1" >&"$2"; fi
  rm -f "$1"
  shift 2
done
if [ "$expected" ] && [ "$result" != 0 ]; then log ERROR "expected exit code to be '$expected', but got '$code'"; fi
exit "$result"
