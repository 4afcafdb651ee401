"""How rules run the engine: as an action in a worker, or as a test or program of its own."""

load(":toolchain.bzl", "TOOLCHAIN", "semgrep_of")

_NODE = "@rules_nodejs//nodejs:toolchain_type"

# What a rule that runs the engine adds to its attributes and toolchains.
ENGINE = {
    "_engine": attr.label(default = "//engine:engine.mjs", allow_single_file = True, cfg = "exec"),
    "_launcher": attr.label(default = "//private:launcher.sh.tpl", allow_single_file = True),
}
TOOLCHAINS = [TOOLCHAIN, _NODE]

def node_of(ctx):
    """The File of the toolchain's Node.

    Args:
      ctx: the rule's context
    Returns:
      a File
    """
    return ctx.toolchains[_NODE].nodeinfo.node

def engine_action(ctx, command, params, inputs, outputs, mnemonic, progress_message, program = None):
    """Declares an action that a command of the engine does; semgrep-core is among its tools, unless another program does it.

    Args:
      ctx: the rule's context
      command: the command's name in engine/main.ts
      params: a dict for `json.encode`; paths are File.path
      inputs: Files, or a depset of them
      outputs: Files
      mnemonic: of the action; each has workers of its own
      progress_message: what Bazel says meanwhile
      program: File of another program than engine.mjs
    """
    arguments = ctx.actions.args()
    arguments.add(command)
    arguments.add(json.encode(params))
    arguments.use_param_file("@%s", use_always = True)
    arguments.set_param_file_format("multiline")
    ctx.actions.run(
        mnemonic = mnemonic,
        progress_message = progress_message,
        executable = node_of(ctx),
        arguments = [(program or ctx.file._engine).path, arguments],
        inputs = inputs,
        outputs = outputs,
        tools = [program] if program else [ctx.file._engine, semgrep_of(ctx).files],
        env = {"LC_ALL": "C", "TZ": "UTC"},
        execution_requirements = {
            "block-network": "",
            "requires-worker-protocol": "json",
            "supports-workers": "1",
        },
    )

def launcher(ctx, words, files, name = None):
    """An executable that runs Node in the folder of its runfiles.

    Args:
      ctx: the rule's context
      words: Node's arguments; paths are File.short_path
      files: Files that it needs
      name: the file's name; default the target's
    Returns:
      a struct: executable, runfiles
    """
    node = node_of(ctx)
    out = ctx.actions.declare_file(name or ctx.label.name)
    ctx.actions.expand_template(
        template = ctx.file._launcher,
        output = out,
        is_executable = True,
        substitutions = {
            "{{words}}": " ".join([_quote(word) for word in [node.short_path] + words]),
            "{{workspace}}": ctx.workspace_name,
        },
    )
    return struct(executable = out, runfiles = ctx.runfiles([node] + files, transitive_files = semgrep_of(ctx).files))

def engine_words(ctx, command, params, name = None):
    """Node's arguments for a command of the engine, and the Files that they name.

    Args:
      ctx: the rule's context
      command: the command's name in engine/main.ts
      params: a dict for `json.encode`; paths are File.short_path
      name: the parameter file's name; default the target's
    Returns:
      a struct: words, files
    """
    file = ctx.actions.declare_file((name or ctx.label.name) + ".params")
    ctx.actions.write(file, "{}\n{}\n".format(command, json.encode(params)))
    return struct(
        files = [ctx.file._engine, file],
        words = [ctx.file._engine.short_path, "@" + file.short_path],
    )

def engine_program(ctx, command, params, files):
    """The providers of a test or an executable that a command of the engine is.

    Args:
      ctx: the rule's context
      command: the command's name in engine/main.ts
      params: a dict for `json.encode`; paths are File.short_path
      files: Files that it needs beside semgrep-core
    Returns:
      a list with DefaultInfo
    """
    call = engine_words(ctx, command, params)
    made = launcher(ctx, call.words, call.files + files)
    return [DefaultInfo(executable = made.executable, files = depset([made.executable]), runfiles = made.runfiles)]

def _quote(text):
    return "'" + text.replace("'", "'\\''") + "'"
