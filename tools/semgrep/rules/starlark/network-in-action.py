# ruleid: network-in-action
sh_test(name = "a_test", tags = ["requires-network"])
# ruleid: network-in-action
sh_test(name = "b_test", tags = ["manual", "external"])
# ruleid: network-in-action
ctx.actions.run(executable = tool, execution_requirements = {"requires-network": "1"})
# ok: network-in-action
sh_test(name = "c_test", tags = ["block-network"])
# ok: network-in-action
filegroup(name = "external", srcs = ["external"])
# ok: network-in-action
roots = ["external"]
