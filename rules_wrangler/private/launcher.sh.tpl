#!/bin/sh
# Starts Node in the folder of the runfiles; the rest is TypeScript.
set -eu
runfiles=${RUNFILES_DIR:-$0.runfiles}
if [ -d "$runfiles/{{workspace}}" ]; then cd "$runfiles/{{workspace}}"; fi
exec {{words}} "$@"
