"""The module extension that turns the locks of image bases into repositories."""

load("//tools/image/private:root.bzl", "debian_root", "image_bases")

def _bases_impl(mctx):
    configs = {}
    for module in mctx.modules:
        for tag in module.tags.lock:
            lock = json.decode(mctx.read(tag.file))
            name = tag.file.name.split("/")[-1].removesuffix(".lock.json")
            configs[name] = json.encode(lock["config"])
            for architecture in lock["config"]["archs"]:
                debian_root(
                    name = "base_{}_{}".format(name, architecture),
                    architecture = architecture,
                    base = name,
                    lock = tag.file,
                )
    image_bases(name = "image_bases", locks = configs)
    return mctx.extension_metadata(reproducible = True)

bases = module_extension(
    _bases_impl,
    doc = "`bases.lock(file = ...)` makes a base of Debian packages; `@image_bases` names them all. Packages are fetched when a layer is built.",
    tag_classes = {"lock": tag_class(attrs = {"file": attr.label(mandatory = True, doc = "A lock that //tools/image:lock wrote.")})},
)
