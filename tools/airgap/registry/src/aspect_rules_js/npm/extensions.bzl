"""The npm extension: targets from a pnpm lock file, with packages that the machine's own npm fetches."""

load("//npm/private:pnpm.bzl", "pnpm_repository")
load("//npm/private:translate.bzl", "TRANSLATE_ATTRS", "npm_lock_repository", "refuse_unsupported")
load("//private:unsupported.bzl", "unsupported")

_REFUSED = {
    "npm_exclude_package_contents": "what the real rule leaves out by default is left out",
    "npm_import": "name the package in package.json",
    "npm_replace_package": "name the package of this workspace in package.json as workspace:*",
}

def _npm_impl(mctx):
    for module in mctx.modules:
        for tag, advice in _REFUSED.items():
            if getattr(module.tags, tag):
                unsupported("npm", tag, advice)
        for tag in module.tags.npm_translate_lock:
            refuse_unsupported(tag)
            npm_lock_repository(
                name = tag.name,
                data = tag.data,
                no_dev = tag.no_dev,
                no_optional = tag.no_optional,
                npm_package_target_name = tag.npm_package_target_name,
                npmrc = tag.npmrc,
                pnpm_lock = tag.pnpm_lock,
                verify_node_modules_ignored = tag.verify_node_modules_ignored,
            )
    return mctx.extension_metadata(reproducible = True)

npm = module_extension(
    implementation = _npm_impl,
    doc = "Declares a repository for each lock file.",
    tag_classes = {
        "npm_exclude_package_contents": tag_class(attrs = {
            "package": attr.string(),
            "patterns": attr.string_list(),
            "presets": attr.string_list(),
        }),
        "npm_import": tag_class(attrs = {
            "name": attr.string(),
            "package": attr.string(),
            "version": attr.string(),
        }),
        "npm_replace_package": tag_class(attrs = {
            "package": attr.string(),
            "replacement": attr.label(),
        }),
        "npm_translate_lock": tag_class(attrs = TRANSLATE_ATTRS),
    },
)

def _pnpm_impl(mctx):
    names = {}
    for module in mctx.modules:
        for tag in module.tags.pnpm:
            names[tag.name] = True
    for name in names:
        pnpm_repository(name = name)
    return mctx.extension_metadata(reproducible = True)

pnpm = module_extension(
    implementation = _pnpm_impl,
    doc = "Takes pnpm's version and offers no pnpm: a build of the airgap lane does not need it.",
    tag_classes = {
        "pnpm": tag_class(attrs = {
            "name": attr.string(default = "pnpm"),
            "pnpm_version": attr.string(),
            "pnpm_version_from": attr.label(),
            "pnpm_version_integrity": attr.string(),
        }),
    },
)
