"""The digest of an image, as a file."""

load(":node.bzl", "TOOLCHAIN", "run_script", "script")

def _image_digest_impl(ctx):
    args = ctx.actions.args()
    args.add_all([ctx.file.image], expand_directories = False)
    args.add(ctx.outputs.out)
    run_script(
        ctx,
        ctx.file._main,
        inputs = depset([ctx.file.image]),
        outputs = [ctx.outputs.out],
        arguments = args,
        mnemonic = "OCIDigest",
        progress_message = "OCI Digest %{label}",
    )
    return DefaultInfo(files = depset([ctx.outputs.out]))

image_digest = rule(
    implementation = _image_digest_impl,
    doc = "A file with the digest of an image or index.",
    attrs = {
        "image": attr.label(allow_single_file = True, mandatory = True, doc = "The image or index."),
        "out": attr.output(mandatory = True, doc = "The file."),
        "_layout": script("layout.mjs"),
        "_main": script("digest.mjs"),
    },
    toolchains = [TOOLCHAIN],
)
