"""Writes the shell script that starts Node."""

load("@bazel_lib//lib:expand_make_vars.bzl", "expand_locations", "expand_variables")
load(":js_helpers.bzl", "envs_for_log_level")

def _quote(text):
    return "'" + text.replace("'", "'\\''") + "'"

def expand(ctx, value):
    """Replaces locations of data and make variables.

    Args:
      ctx: the context of a js_binary
      value: a text
    Returns:
      the text, expanded if the target asks for it
    """
    if not ctx.attr.expand_env:
        return value
    return " ".join([
        expand_variables(ctx, word, attribute_name = "env")
        for word in expand_locations(ctx, value, ctx.attr.data).split(" ")
    ])

def _chdir(ctx):
    folder = expand(ctx, ctx.attr.chdir)
    repo = ctx.label.repo_name
    if not repo or folder.startswith("external/") or folder.startswith("/"):
        return folder
    return "external/{}".format(repo) if folder == "." else "external/{}/{}".format(repo, folder)

def write_launcher(ctx, node, entry_point_path, log_prefix, fixed_args, fixed_env):
    """Declares and writes the launcher.

    Args:
      ctx: the context of a js_binary
      node: NodeInfo
      entry_point_path: short path of the file that Node runs
      log_prefix: how the launcher's messages begin
      fixed_args: arguments before the caller's
      fixed_env: environment beside the attribute env
    Returns:
      the launcher
    """
    label = ctx.label
    always = {name: expand(ctx, value) for name, value in (fixed_env | ctx.attr.env).items()}
    always |= {
        "JS_BINARY__BINDIR": ctx.bin_dir.path,
        "JS_BINARY__BUILD_FILE_PATH": ctx.build_file_path,
        "JS_BINARY__COMPILATION_MODE": ctx.var["COMPILATION_MODE"],
        "JS_BINARY__PACKAGE": label.package,
        "JS_BINARY__TARGET": "{}//{}:{}".format("@" + label.repo_name if label.repo_name else "", label.package, label.name),
        "JS_BINARY__TARGET_CPU": ctx.var["TARGET_CPU"],
        "JS_BINARY__TARGET_NAME": label.name,
        "JS_BINARY__WORKSPACE": ctx.workspace_name,
    }
    if ctx.attr.expected_exit_code:
        always["JS_BINARY__EXPECTED_EXIT_CODE"] = str(ctx.attr.expected_exit_code)
    if ctx.attr.copy_data_to_bin:
        always["JS_BINARY__COPY_DATA_TO_BIN"] = "1"

    unless_set = {name: "1" for name in envs_for_log_level(ctx.attr.log_level)}
    if ctx.attr.patch_node_fs:
        unless_set["JS_BINARY__PATCH_NODE_FS"] = "1"
    if ctx.attr.chdir:
        unless_set["JS_BINARY__CHDIR"] = _chdir(ctx)

    options = [expand(ctx, option) for option in ctx.attr.node_options]
    if ctx.attr.preserve_symlinks_main and "--preserve-symlinks-main" not in options:
        options.append("--preserve-symlinks-main")
    if ctx.attr.expand_args:
        fixed_args = [expand_variables(ctx, expand_locations(ctx, arg, ctx.attr.data)) for arg in fixed_args]

    launcher = ctx.actions.declare_file("{0}_/{0}".format(label.name))
    ctx.actions.expand_template(
        template = ctx.file._launcher,
        output = launcher,
        is_executable = True,
        substitutions = {
            "{{entry_point}}": entry_point_path,
            "{{env}}": "\n".join(
                ["export {}={}".format(name, _quote(value)) for name, value in always.items()] +
                ["export {0}=\"${{{0}:-{1}}}\"".format(name, value) for name, value in unless_set.items()],
            ),
            "{{fixed_args}}": " ".join(fixed_args),
            "{{log_prefix}}": log_prefix,
            "{{node}}": node.node.short_path if node.node else node.node_path,
            "{{node_options}}": " ".join(["\"{}\"".format(option) for option in options]),
            "{{node_wrapper}}": ctx.file._node_wrapper.short_path,
            "{{preload}}": ctx.file._preload.short_path,
            "{{target}}": str(label),
            "{{workspace}}": ctx.workspace_name,
        },
    )
    return launcher
