"""How the rules run their Node scripts, in actions and behind `bazel run`."""

TOOLCHAIN = "@rules_nodejs//nodejs:toolchain_type"

def script(name):
    """An implicit attribute that names a script of this package and the file that it imports.

    Args:
      name: the script
    Returns:
      the attribute
    """
    return attr.label(default = Label("//oci/private:" + name), allow_single_file = True)

def run_script(ctx, main, **kwargs):
    """Declares an action that runs a script on the toolchain's Node; it is deterministic and needs no environment.

    Args:
      ctx: the rule's context; has the attribute `_layout`
      main: the script's file
      **kwargs: inputs (a depset), outputs, arguments (one Args), mnemonic, progress_message
    """
    start = ctx.actions.args()
    start.add(main)
    ctx.actions.run(
        executable = ctx.toolchains[TOOLCHAIN].nodeinfo.node,
        inputs = depset([main, ctx.file._layout], transitive = [kwargs["inputs"]]),
        outputs = kwargs["outputs"],
        arguments = [start, kwargs["arguments"]],
        mnemonic = kwargs["mnemonic"],
        progress_message = kwargs["progress_message"],
        toolchain = TOOLCHAIN,
    )

def rlocation(ctx, file):
    """Where a file lies in the runfiles.

    Args:
      ctx: the rule's context
      file: the file
    Returns:
      its path below the runfiles folder
    """
    if file.short_path.startswith("../"):
        return file.short_path[len("../"):]
    return ctx.workspace_name + "/" + file.short_path

_LAUNCHER = """\
#!/usr/bin/env bash
set -euo pipefail
runfiles=${{RUNFILES_DIR:-}}
if [[ ! -e "$runfiles/{main}" ]]; then runfiles=$0.runfiles; fi
if [[ ! -e "$runfiles/{main}" && $0 == *.runfiles/* ]]; then runfiles=${{0%.runfiles/*}}.runfiles; fi
if [[ $runfiles != /* ]]; then runfiles=$PWD/$runfiles; fi
exec "$runfiles/{node}" "$runfiles/{main}" "$runfiles" '{settings}' "$@"
"""

def launcher(ctx, output, main, settings, files, runfiles):
    """Writes the program behind `bazel run`: it hands `settings` and the caller's arguments to a script.

    Args:
      ctx: the rule's context; has the attribute `_layout`
      output: the program's file
      main: the script's file
      settings: what the script reads as JSON; paths in it lie below the runfiles folder
      files: files that the script needs
      runfiles: runfiles that it needs beside them
    Returns:
      DefaultInfo
    """
    node = ctx.toolchains[TOOLCHAIN].nodeinfo.node
    ctx.actions.write(output, is_executable = True, content = _LAUNCHER.format(
        main = rlocation(ctx, main),
        node = rlocation(ctx, node),
        settings = json.encode(settings).replace("'", "'\\''"),
    ))
    own = ctx.runfiles([main, node, ctx.file._layout] + files)
    return DefaultInfo(executable = output, runfiles = own.merge_all(runfiles))
