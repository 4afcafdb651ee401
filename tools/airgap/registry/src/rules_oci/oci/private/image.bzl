"""oci_image: an image of one platform."""

load(":node.bzl", "TOOLCHAIN", "run_script", "script")

_TARS = [".tar", ".tgz", ".tar.gz", ".tzst", ".tar.zst"]

# In the order in which the fields reach the configuration: it decides the digest.
_FILES = ["created", "entrypoint", "cmd", "exposed_ports", "volumes", "env", "labels", "annotations"]

def _descriptor(ctx, index, layer):
    """Declares a file that describes a layer: hashing is an action of its own, and is remembered apart from the image."""
    descriptor = ctx.actions.declare_file("{}.{}.descriptor.json".format(ctx.label.name, index))
    args = ctx.actions.args()
    args.add(layer)
    args.add(descriptor)
    args.add(layer.owner)
    run_script(
        ctx,
        ctx.file._descriptor,
        inputs = depset([layer]),
        outputs = [descriptor],
        arguments = args,
        mnemonic = "OCIDescriptor",
        progress_message = "OCI Descriptor %{input}",
    )
    return descriptor

def _oci_image_impl(ctx):
    attrs = ctx.attr
    if not attrs.base and (not attrs.os or not attrs.architecture):
        fail("oci_image {}: without a base, os and architecture have to be set".format(ctx.label))
    if attrs.base and (attrs.os or attrs.architecture or attrs.variant):
        fail("oci_image {}: os, architecture and variant come from the base; leave them out".format(ctx.label))

    output = ctx.actions.declare_directory(ctx.label.name)
    args = ctx.actions.args()
    args.add_all([output], before_each = "--output", expand_directories = False)
    carried = [depset(ctx.files.tars)]
    inputs = list(ctx.files.tars)
    if attrs.base:
        args.add_all([ctx.file.base], before_each = "--base", expand_directories = False)
        inputs.append(ctx.file.base)
        carried += [attrs.base[DefaultInfo].files, attrs.base[DefaultInfo].default_runfiles.files]
    else:
        platform = {"architecture": attrs.architecture, "os": attrs.os}
        args.add("--platform", json.encode(dict(platform, variant = attrs.variant) if attrs.variant else platform))

    for index, layer in enumerate(ctx.files.tars):
        descriptor = _descriptor(ctx, index, layer)
        inputs.append(descriptor)
        args.add("--layer", layer)
        args.add("--descriptor", descriptor)
    for name in _FILES:
        file = getattr(ctx.file, name)
        if file:
            args.add("--" + name, file)
            inputs.append(file)
    if attrs.user:
        args.add("--user", attrs.user)
    if attrs.workdir:
        args.add("--workdir", attrs.workdir)

    run_script(
        ctx,
        ctx.file._main,
        inputs = depset(inputs, transitive = carried),
        outputs = [output],
        arguments = args,
        mnemonic = "OCIImage",
        progress_message = "OCI Image %{label}",
    )

    # The layers in the directory are links to the archives themselves, which therefore go along.
    return DefaultInfo(files = depset([output]), runfiles = ctx.runfiles(transitive_files = depset(transitive = carried)))

oci_image = rule(
    implementation = _oci_image_impl,
    doc = "An image of one platform; the macro in //oci:defs.bzl also takes lists and dicts.",
    attrs = dict(
        {name: attr.label(allow_single_file = True, doc = "A file; see the macro.") for name in _FILES},
        architecture = attr.string(doc = "As Go names it."),
        base = attr.label(allow_single_file = True, doc = "The oci_image that this one adds to."),
        os = attr.string(doc = "As Go names it."),
        tars = attr.label_list(allow_files = _TARS, doc = "One layer each, lowest first."),
        user = attr.string(doc = "User, or user:group."),
        variant = attr.string(doc = "Of the architecture."),
        workdir = attr.string(doc = "Where the entrypoint starts."),
        _descriptor = script("descriptor.mjs"),
        _layout = script("layout.mjs"),
        _main = script("image.mjs"),
    ),
    toolchains = [TOOLCHAIN],
)
