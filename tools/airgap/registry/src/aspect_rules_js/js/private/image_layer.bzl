"""js_image_layer: a js_binary and its runfiles as the layers of an image."""

load(":js_helpers.bzl", "unsupported")

_NODE = "@rules_nodejs//nodejs:toolchain_type"

# Tried in this order; the last takes what no other has taken.
_GROUPS = {
    "node": "/js/private/(node_bin|preload)/|/bin/node$",
    "package_store_3p": "/\\.aspect_rules_js/(?!.*@0\\.0\\.0).*/node_modules",
    "package_store_1p": "\\.aspect_rules_js/.*@0\\.0\\.0/node_modules",
    "node_modules": "/node_modules/",
    "app": "",
}

def _entry(file):
    """A line for the layer program: where a runfile goes below the runfiles folder, where it is now, whether it is a folder."""
    below = file.short_path[len("../"):] if file.short_path.startswith("../") else "_main/" + file.short_path
    return json.encode([below, file.path, file.is_directory])

def _groups(custom):
    groups = {name: pattern for name, pattern in custom.items() if name not in _GROUPS}
    return groups | {name: custom.get(name, pattern) for name, pattern in _GROUPS.items()}

def _layer(ctx, group, entries, settings, inputs):
    """Declares one layer; a layer whose files have not changed comes out as it was."""
    extension = "tar.gz" if ctx.attr.compression == "gzip" else "tar"
    output = ctx.actions.declare_file("{}_{}.{}".format(ctx.label.name, group, extension))
    args = ctx.actions.args()
    args.add(ctx.file._main)
    args.add(output)
    args.add(group)
    args.add(entries)
    args.add(settings)
    ctx.actions.run(
        executable = ctx.toolchains[_NODE].nodeinfo.node,
        inputs = depset([ctx.file._main, entries, settings], transitive = [inputs]),
        outputs = [output],
        arguments = [args],
        mnemonic = "JsImageLayer",
        progress_message = "JsImageLayer {} %{{label}}".format(group),
        toolchain = _NODE,
    )
    return output

def _js_image_layer_impl(ctx):
    owner = ctx.attr.owner.split(":")
    if len(owner) != 2 or not owner[0].isdigit() or not owner[1].isdigit():
        fail("js_image_layer {}: owner has to be two numbers, as 0:0 is; it is {}".format(ctx.label, ctx.attr.owner))
    binary = ctx.attr.binary[0]
    info = binary[DefaultInfo]
    mapping = info.files_to_run.repo_mapping_manifest
    files = depset(transitive = [info.files, info.default_runfiles.files])
    program = "/".join([part for part in [ctx.attr.root.strip("./"), binary.label.package, binary.label.name] if part])
    groups = _groups(ctx.attr.layer_groups)

    lines = ctx.actions.args()
    lines.set_param_file_format("multiline")
    lines.add_all(files, map_each = _entry, expand_directories = False)
    entries = ctx.actions.declare_file(ctx.label.name + "_entries.jsonl")
    ctx.actions.write(entries, lines)
    settings = ctx.actions.declare_file(ctx.label.name + "_settings.json")
    ctx.actions.write(settings, json.encode({
        "directoryMode": ctx.attr.directory_mode,
        "fileMode": ctx.attr.file_mode,
        "gid": int(owner[1]),
        "groups": groups.items(),
        "gzip": ctx.attr.compression == "gzip",
        "launcher": info.files_to_run.executable.path,
        "mapping": mapping.path if mapping else None,
        "preserveSymlinks": ctx.attr.preserve_symlinks,
        "program": program,
        "uid": int(owner[0]),
    }))

    inputs = depset([mapping] if mapping else [], transitive = [files])
    layers = {group: _layer(ctx, group, entries, settings, inputs) for group in groups}
    return [
        DefaultInfo(files = depset(layers.values())),
        OutputGroupInfo(**{group: depset([layer]) for group, layer in layers.items()}),
    ]

def _platform_impl(_settings, attr):
    return {"//command_line_option:platforms": str(attr.platform)} if attr.platform else {}

_platform = transition(
    implementation = _platform_impl,
    inputs = [],
    outputs = ["//command_line_option:platforms"],
)

_js_image_layer = rule(
    implementation = _js_image_layer_impl,
    doc = "Archives of a js_binary and its runfiles, one for each group of files.",
    attrs = {
        "binary": attr.label(mandatory = True, executable = True, cfg = _platform, doc = "The js_binary."),
        "compression": attr.string(default = "gzip", values = ["gzip", "none"], doc = "gzip or none."),
        "directory_mode": attr.string(default = "0755", doc = "Mode of folders, octal."),
        "file_mode": attr.string(default = "0555", doc = "Mode of files, octal."),
        "layer_groups": attr.string_dict(doc = "Further groups before the usual ones, or other patterns for those."),
        "owner": attr.string(default = "0:0", doc = "uid:gid."),
        "platform": attr.label(doc = "Platform to build the binary for."),
        "preserve_symlinks": attr.string(default = ".*/node_modules/.*", doc = "Links whose paths match stay links."),
        "root": attr.string(doc = "Folder in the image."),
        "_allowlist_function_transition": attr.label(default = "@bazel_tools//tools/allowlists/function_transition_allowlist"),
        "_main": attr.label(default = "//js/private:image_layer.mjs", allow_single_file = True),
    },
    toolchains = [_NODE],
)

def js_image_layer(name, **kwargs):
    """The layers of an image that runs a js_binary: `<name>_<group>.tar.gz` for node, package_store_3p, package_store_1p, node_modules, app.

    Each is also an output group. The image runs `/<root>/<package>/<binary>` with bash, in `/<root>/<package>/<binary>.runfiles/_main`.

    Args:
      name: the layers
      **kwargs: binary, root, owner, compression (gzip or none), directory_mode, file_mode, layer_groups, platform, preserve_symlinks,
        and the attributes of every rule
    """
    for attr in ["compressor", "compressor_args"]:
        if attr in kwargs:
            unsupported("js_image_layer", attr, "use compression = \"gzip\" or \"none\"")
    if kwargs.get("compression", "gzip") not in ["gzip", "none"]:
        unsupported("js_image_layer", "compression = \"{}\"".format(kwargs["compression"]), "use \"gzip\" or \"none\"")
    _js_image_layer(name = name, **kwargs)
