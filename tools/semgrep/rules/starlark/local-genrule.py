# ruleid: local-genrule
genrule(
    name = "stamp",
    outs = ["stamp.txt"],
    cmd = "date > $@",
    local = True,
)
# ruleid: local-genrule
native.genrule(name = "old", local = 1)
# ok: local-genrule
genrule(name = "copy", srcs = ["a"], outs = ["b"], cmd = "cp $< $@", local = False)
# ok: local-genrule
helm_push(name = "push", chart = ":chart", registry = "local")
# ok: local-genrule
local = True
