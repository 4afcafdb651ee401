# ruleid: eval-of-variable
eval $command
# ruleid: eval-of-variable
eval "$(build_command "$1")"
# ruleid: eval-of-variable
eval "run_$target"
# ok: eval-of-variable
"${command[@]}"
# ok: eval-of-variable
evaluate "$command"
# ok: eval-of-variable
value=${!name}
