"""Targets of this repository for what other repositories hold."""

def _locked_file_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = out, target_file = ctx.file.src, is_executable = True)
    return [DefaultInfo(executable = out, files = depset([out]), runfiles = ctx.runfiles([out]))]

locked_file = rule(
    _locked_file_impl,
    doc = "One executable under a name of this repository; unlike a file of another repository it may stand in any `data`.",
    attrs = {"src": attr.label(allow_single_file = True, mandatory = True)},
    executable = True,
)

def _locked_tree_impl(ctx):
    out = ctx.actions.declare_directory(ctx.label.name)
    folder = "/" + ctx.attr.prefix + "/"
    first = ctx.files.srcs[0].path
    ctx.actions.run_shell(
        mnemonic = "LockedTree",
        progress_message = "Collecting %{label}",
        command = 'cp -RL "$1/." "$2"',
        arguments = [first[:first.index(folder) + len(folder) - 1], out.path],
        inputs = ctx.files.srcs,
        outputs = [out],
    )
    return [DefaultInfo(files = depset([out]), runfiles = ctx.runfiles([out]))]

locked_tree = rule(
    _locked_tree_impl,
    doc = "A folder of another repository as one directory: for programs that want their libraries beside them.",
    attrs = {
        "srcs": attr.label_list(allow_files = True, mandatory = True),
        "prefix": attr.string(mandatory = True, doc = "The path in the other repository that becomes the directory's root."),
    },
)
