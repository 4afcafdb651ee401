"""oci_push: an image for a registry."""

load(":node.bzl", "TOOLCHAIN", "launcher", "rlocation", "script")

_CRANE = "//oci:crane_toolchain_type"

def _oci_push_impl(ctx):
    crane = ctx.toolchains[_CRANE]
    if not ctx.file.image.is_directory:
        fail("oci_push {}: image has to be an oci_image or oci_image_index".format(ctx.label))
    if "@" in ctx.attr.repository or ":" in ctx.attr.repository.split("/")[-1]:
        fail("oci_push {}: repository must not have a digest or tag: {}".format(ctx.label, ctx.attr.repository))

    settings = {"image": rlocation(ctx, ctx.file.image)}
    files = [ctx.file.image]
    runfiles = [ctx.attr.image[DefaultInfo].default_runfiles]
    if crane:
        settings["crane"] = rlocation(ctx, crane.crane_info.binary)
        files.append(crane.crane_info.binary)
        runfiles.append(crane.default.default_runfiles)
    if ctx.attr.repository:
        settings["repository"] = ctx.attr.repository
    for name, file in {"repositoryFile": ctx.file.repository_file, "tags": ctx.file.remote_tags}.items():
        if file:
            settings[name] = rlocation(ctx, file)
            files.append(file)
    program = ctx.actions.declare_file("push_{}.sh".format(ctx.label.name))
    return launcher(ctx, program, ctx.file._run, settings, files, runfiles)

oci_push = rule(
    implementation = _oci_push_impl,
    executable = True,
    doc = "Pushes an image or index by its digest, then tags it.",
    attrs = {
        "image": attr.label(mandatory = True, allow_single_file = True, doc = "The image or index."),
        "remote_tags": attr.label(allow_single_file = True, doc = "File of tags, one a line."),
        "repository": attr.string(doc = "Where to; without digest and tag."),
        "repository_file": attr.label(allow_single_file = True, doc = "The same, in a file."),
        "_layout": script("layout.mjs"),
        "_run": script("push.mjs"),
    },
    toolchains = [
        TOOLCHAIN,
        config_common.toolchain_type(_CRANE, mandatory = False),
    ],
)
