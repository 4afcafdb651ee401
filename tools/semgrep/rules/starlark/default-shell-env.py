# ruleid: default-shell-env
ctx.actions.run(executable = tool, outputs = [out], use_default_shell_env = True)
# ruleid: default-shell-env
ctx.actions.run_shell(
    command = "sort $1",
    use_default_shell_env = True,
)
# ok: default-shell-env
ctx.actions.run(executable = tool, outputs = [out], use_default_shell_env = False)
# ok: default-shell-env
ctx.actions.run(executable = tool, env = {"LC_ALL": "C.UTF-8"})
# ok: default-shell-env
ctx.actions.run(executable = tool, use_default_shell_env = use_default_shell_env)
