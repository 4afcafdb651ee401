sh_test(
    name = "a_test",
    # ruleid: no-sandbox
    tags = ["no-sandbox"],
)
# ruleid: no-sandbox
sh_test(name = "b_test", tags = tags + ["manual", "local"])
ctx.actions.run(
    executable = tool,
    # ruleid: no-sandbox
    execution_requirements = {"no-sandbox": "1"},
)
# ruleid: no-sandbox
execution_requirements = {"local": ""}
# ok: no-sandbox
sh_test(name = "local", tags = ["manual"])
# ok: no-sandbox
env = {"GOTOOLCHAIN": "local"}
# ok: no-sandbox
ctx.actions.run(executable = tool, execution_requirements = {"supports-path-mapping": "1"})
# ok: no-sandbox
words = ["no-sandbox", "local"]
