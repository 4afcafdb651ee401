"""The `oci` extension: `toolchains` is accepted, `pull` is refused."""

_STAND_IN = "oci.{} of the airgap stand-in for rules_oci 2.3.0 is not supported: {}"

def _oci_impl(mctx):
    for module in mctx.modules:
        for pull in module.tags.pull:
            fail(_STAND_IN.format(
                "pull(name = \"{}\")".format(pull.name),
                "no image registry is reached from here; make a base image of packages with //tools/image, or use the online lane",
            ))
    return mctx.extension_metadata(reproducible = True)

oci = module_extension(
    _oci_impl,
    doc = "Declares nothing: this stand-in's tools are Node scripts, and crane is a registered toolchain.",
    tag_classes = {
        "pull": tag_class(attrs = {
            "name": attr.string(),
            "config": attr.label(),
            "digest": attr.string(),
            "image": attr.string(),
            "platforms": attr.string_list(),
            "registry": attr.string(),
            "repository": attr.string(),
            "reproducible": attr.bool(default = True),
            "tag": attr.string(),
        }),
        "toolchains": tag_class(attrs = {"name": attr.string(default = "oci")}),
    },
)
