"""Sources that are made: large files, folders, and things with every kind of edge."""

def _many_lines_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".ts")
    ctx.actions.write(out, "".join(["foo(a{}, b, c, d);\n".format(number) for number in range(ctx.attr.count)]))
    return [DefaultInfo(files = depset([out]))]

many_lines = rule(_many_lines_impl, attrs = {"count": attr.int(mandatory = True)})

def _folder_impl(ctx):
    out = ctx.actions.declare_directory(ctx.label.name)
    ctx.actions.run_shell(
        command = 'to=$1; shift; for file; do mkdir -p "$to/apps"; cp "$file" "$to/apps/"; done',
        arguments = [out.path] + [file.path for file in ctx.files.srcs],
        inputs = ctx.files.srcs,
        outputs = [out],
    )
    return [DefaultInfo(files = depset([out]))]

folder = rule(_folder_impl, attrs = {"srcs": attr.label_list(allow_files = True)})

def _thing_impl(ctx):
    return [DefaultInfo(files = depset(ctx.files.srcs))]

thing = rule(
    _thing_impl,
    doc = "A target with every edge that the aspect follows, and one that it does not.",
    attrs = {
        "srcs": attr.label_list(allow_files = True),
        "deps": attr.label_list(),
        "data": attr.label_list(allow_files = True),
        "embed": attr.label_list(),
        "image": attr.label(),
        "types": attr.label_list(allow_files = True),
        "entry_point": attr.label(allow_single_file = True),
        "tools": attr.label_list(allow_files = True),
    },
)
