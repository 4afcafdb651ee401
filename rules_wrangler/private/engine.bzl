"""How rules run the engine: as an action in a worker, or as a test or program of its own."""

_NODE = "@rules_nodejs//nodejs:toolchain_type"

# What a rule that runs the engine adds to its attributes and toolchains.
ENGINE = {
    "_engine": attr.label(default = "//engine:engine.mjs", allow_single_file = True, cfg = "exec"),
    "_launcher": attr.label(default = "//private:launcher.sh.tpl", allow_single_file = True),
}
TOOLCHAINS = [_NODE]

# What a rule whose program runs wrangler adds.
WRANGLER = {
    "_wrangler": attr.label(default = "//:wrangler"),
}

def name_of(label):
    """A label as one writes it on the command line."""
    text = str(label)
    return text.removeprefix("@@") if text.startswith("@@//") else text

def check(ctx, attribute, ok, expected, received):
    """Fails with the attribute, what it must be and what it was."""
    if not ok:
        fail("{}: {}: expected {}, received {}".format(ctx.label, attribute, expected, repr(received)))

def folder_of(ctx, attribute):
    """The one folder that a label attribute names.

    Args:
      ctx: the rule's context
      attribute: the attribute's name
    Returns:
      a File
    """
    files = getattr(ctx.files, attribute)
    one = files[0] if len(files) == 1 and files[0].is_directory else None
    check(ctx, attribute, one, "a target that makes one folder", [file.short_path for file in files])
    return one

def engine_action(ctx, command, params, inputs, outputs, mnemonic, progress_message):
    """Declares an action that a command of the engine does.

    Args:
      ctx: the rule's context
      command: the command's name in engine/main.ts
      params: a dict for `json.encode`; paths are File.path
      inputs: Files
      outputs: Files
      mnemonic: of the action; each has workers of its own
      progress_message: what Bazel says meanwhile
    """
    arguments = ctx.actions.args()
    arguments.add(command)
    arguments.add(json.encode(params))
    arguments.use_param_file("@%s", use_always = True)
    arguments.set_param_file_format("multiline")
    ctx.actions.run(
        mnemonic = mnemonic,
        progress_message = progress_message,
        executable = ctx.toolchains[_NODE].nodeinfo.node,
        arguments = [ctx.file._engine.path, arguments],
        inputs = inputs,
        outputs = outputs,
        tools = [ctx.file._engine],
        env = {"LC_ALL": "C", "TZ": "UTC"},
        execution_requirements = {
            "block-network": "",
            "requires-worker-protocol": "json",
            "supports-workers": "1",
        },
    )

def wrangler_program(ctx, command, params, files):
    """The providers of a program that is a command of the engine and may run wrangler.

    Args:
      ctx: the rule's context
      command: the command's name in engine/main.ts
      params: a dict for `json.encode`; paths are File.short_path
      files: Files that it needs
    Returns:
      a list with DefaultInfo
    """
    node = ctx.toolchains[_NODE].nodeinfo.node
    wrangler = _external(ctx.attr._wrangler.label) + "node_modules/wrangler/wrangler-dist/cli.js"
    file = ctx.actions.declare_file(ctx.label.name + ".params")
    ctx.actions.write(file, "{}\n{}\n".format(command, json.encode(params | {"wrangler": wrangler})))
    out = ctx.actions.declare_file(ctx.label.name)
    words = [node.short_path, ctx.file._engine.short_path, "@" + file.short_path]
    ctx.actions.expand_template(
        template = ctx.file._launcher,
        output = out,
        is_executable = True,
        substitutions = {
            "{{words}}": " ".join([_quote(word) for word in words]),
            "{{workspace}}": ctx.workspace_name,
        },
    )
    runfiles = ctx.runfiles([node, ctx.file._engine, file] + files)
    return [DefaultInfo(
        executable = out,
        files = depset([out]),
        runfiles = runfiles.merge(ctx.attr._wrangler[DefaultInfo].default_runfiles),
    )]

def _external(label):
    """Where the files of a label's repository are, from the folder of the runfiles."""
    return "../{}/".format(label.workspace_name) if label.workspace_name else ""

def _quote(text):
    return "'" + text.replace("'", "'\\''") + "'"
