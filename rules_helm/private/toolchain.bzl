"""What the rules share: the toolchain, validation of attributes, and programs made of a script and its arguments."""

TOOLCHAIN = "@rules_helm//:toolchain_type"

# The Kubernetes that charts are rendered for when a target does not say: a constant, so that a new helm does not change manifests.
KUBE_VERSION = "1.36.3"

SCRIPTS = {
    "_helm_sh": attr.label(default = "//private:helm.sh", allow_single_file = True),
}

def script(name):
    """A private attribute for one of this package's scripts."""
    return attr.label(default = "//private:" + name, allow_single_file = True)

def helm_of(ctx):
    """The toolchain's helm and its files."""
    return ctx.toolchains[TOOLCHAIN]

def name_of(label):
    """A label as one writes it on the command line."""
    text = str(label)
    return text.removeprefix("@@") if text.startswith("@@//") else text

def check(ctx, attribute, ok, expected, received):
    """Fails with the attribute, what it must be and what it was."""
    if not ok:
        fail("{}: {}: expected {}, received {}".format(ctx.label, attribute, expected, repr(received)))

def _quote(text):
    return "'" + text.replace("'", "'\\''") + "'"

def program(ctx, script, arguments, files):
    """An executable that runs a bash script with arguments, from the folder of its runfiles.

    Args:
      ctx: the rule's context
      script: the script's File
      arguments: strings; paths of runfiles are short paths
      files: Files that it needs, besides the script and helm

    Returns:
      the providers of an executable rule
    """
    out = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(
        out,
        "#!/usr/bin/env bash\nset -euo pipefail\n" +
        'runfiles=${RUNFILES_DIR:-$0.runfiles}\n[ ! -d "$runfiles/%s" ] || cd "$runfiles/%s"\n' % (ctx.workspace_name, ctx.workspace_name) +
        "exec bash {} {} \"$@\"\n".format(_quote(script.short_path), " ".join([_quote(argument) for argument in arguments])),
        is_executable = True,
    )
    helm = helm_of(ctx)
    runfiles = ctx.runfiles([script, ctx.file._helm_sh, helm.helm] + files)
    return [DefaultInfo(
        executable = out,
        files = depset([out]),
        runfiles = runfiles.merge(ctx.attr._helm_sh[DefaultInfo].default_runfiles),
    )]
