"""oci_image_index: an image of several platforms."""

load(":node.bzl", "TOOLCHAIN", "run_script", "script")

def _each_platform_impl(_settings, attr):
    return [{"//command_line_option:platforms": str(platform)} for platform in attr.platforms]

_each_platform = transition(
    implementation = _each_platform_impl,
    inputs = [],
    outputs = ["//command_line_option:platforms"],
)

def _oci_image_index_impl(ctx):
    if len(ctx.attr.platforms) > 0 and len(ctx.attr.images) != len(ctx.attr.platforms):
        fail("oci_image_index {}: with platforms, images has to name exactly one image".format(ctx.label))
    output = ctx.actions.declare_directory(ctx.label.name)
    args = ctx.actions.args()
    args.add_all([output], before_each = "--output", expand_directories = False)
    args.add_all(ctx.files.images, before_each = "--image", expand_directories = False)
    layers = [image[DefaultInfo].default_runfiles.files for image in ctx.attr.images]
    run_script(
        ctx,
        ctx.file._main,
        inputs = depset(ctx.files.images, transitive = layers),
        outputs = [output],
        arguments = args,
        mnemonic = "OCIIndex",
        progress_message = "OCI Index %{label}",
    )
    return DefaultInfo(files = depset([output]))

oci_image_index = rule(
    implementation = _oci_image_index_impl,
    doc = "An image of several platforms: a directory with an OCI layout that holds all blobs.",
    attrs = {
        "images": attr.label_list(mandatory = True, cfg = _each_platform, doc = "Images, or the one that is built for each platform."),
        "platforms": attr.label_list(providers = [platform_common.PlatformInfo], doc = "Platforms to build the image for."),
        "_allowlist_function_transition": attr.label(default = "@bazel_tools//tools/allowlists/function_transition_allowlist"),
        "_layout": script("layout.mjs"),
        "_main": script("image_index.mjs"),
    },
    toolchains = [TOOLCHAIN],
)
