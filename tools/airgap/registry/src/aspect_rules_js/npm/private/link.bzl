"""The macros behind npm_link_all_packages: targets for the packages of a lock file."""

load("//js:defs.bzl", "js_library")
load("//private:unsupported.bzl", "unsupported")
load(":store.bzl", "STORE", "npm_files", "npm_link", "npm_local_store", "npm_store")

_PUBLIC = ["//visibility:public"]
_STORE_TARGET = STORE + "/node_modules/"

def _dir(name):
    native.filegroup(
        name = name + "/dir",
        srcs = [":" + name],
        output_group = "package_directory",
        tags = ["manual"],
        visibility = _PUBLIC,
    )

def _by_platform(default, others):
    """A value, or one that the target platform chooses."""
    if not others:
        return default
    return select(
        {Label("//npm/private:" + platform): value for platform, value in others.items()} |
        {"//conditions:default": default},
    )

def _closure(stores):
    return ["{}{}/pkg".format(_STORE_TARGET, store) for store in stores]

def _declare_stores(importers, packages, archive):
    for store, (package, version, file, links, closure, platforms) in packages.items():
        name = _STORE_TARGET + store
        npm_files(
            name = name + "/pkg",
            archive = archive(file),
            links = _by_platform(links, {platform: one[0] for platform, one in platforms.items()}),
            package = package,
            store = store,
            tags = ["manual"],
            version = version,
            visibility = _PUBLIC,
        )
        npm_store(
            name = name,
            closure = _by_platform(_closure(closure), {platform: _closure(one[1]) for platform, one in platforms.items()}),
            files = name + "/pkg",
            tags = ["manual"],
            visibility = _PUBLIC,
        )
        _dir(name)
    local = {}
    for links in importers.values():
        for alias, (store, _, src) in links.items():
            if not src:
                continue
            if local.setdefault(store, src) != src:
                fail("the lock file links {} to {} and to {}; give one of them another name".format(alias, local[store], src))
            local[store] = src
            if native.existing_rule(_STORE_TARGET + store):
                continue
            npm_local_store(
                name = _STORE_TARGET + store,
                package = alias,
                src = src,
                store = store,
                tags = ["manual"],
                visibility = _PUBLIC,
            )
            _dir(_STORE_TARGET + store)

def _chosen(importers, package, prod, dev):
    return {
        alias: link
        for alias, link in importers.get(package, {}).items()
        if (dev if link[1] else prod)
    }

def link_all_packages(importers, packages, root, archive, name, imported_links, prod, dev):
    """Declares :node_modules, its links and, in the lock file's own package, the packages.

    Args:
      importers: folder -> alias -> store name, dev, target of this workspace
      packages: store name -> name, version, archive, links, closure, platform -> other links and closure
      root: the lock file's package
      archive: makes the label of an archive
      name: node_modules
      imported_links: not supported
      prod: whether to link dependencies
      dev: whether to link devDependencies
    """
    package = native.package_name()
    if name != "node_modules":
        fail("npm_link_all_packages: name has to be \"node_modules\", got \"{}\"".format(name))
    if imported_links:
        unsupported("npm_link_all_packages", "imported_links", "name the package in package.json")
    if package != root and package not in importers:
        fail("npm_link_all_packages: //{} is no package of the lock file; expected one of {}".format(package, ", ".join(["//" + one for one in importers])))
    if package == root:
        _declare_stores(importers, packages, archive)
    scopes, targets = {}, []
    for alias, (store, is_dev, _) in _chosen(importers, package, prod, dev).items():
        target = "{}/{}".format(name, alias)
        npm_link(
            name = target,
            dev = is_dev,
            package = alias,
            src = "//{}:{}{}".format(root, _STORE_TARGET, store),
            tags = ["manual"],
            visibility = _PUBLIC,
        )
        _dir(target)
        targets.append(":" + target)
        if alias.startswith("@"):
            scopes.setdefault(alias.partition("/")[0], []).append(":" + target)
    for scope, links in scopes.items():
        js_library(name = "{}/{}".format(name, scope), srcs = links, tags = ["manual"], visibility = _PUBLIC)
    js_library(name = name, srcs = targets, tags = ["manual"], visibility = _PUBLIC)

def link_targets(importers, name, package, prod, dev):
    """Lists the links of a package.

    Args:
      importers: folder -> alias -> store name, dev, target of this workspace
      name: node_modules
      package: the package; default the one that calls this
      prod: whether to list dependencies
      dev: whether to list devDependencies
    Returns:
      labels
    """
    package = native.package_name() if package == None else package
    if package not in importers:
        fail("npm_link_targets: //{} is no package of the lock file; expected one of {}".format(package, ", ".join(["//" + one for one in importers])))
    return ["//{}:{}/{}".format(package, name, alias) for alias in _chosen(importers, package, prod, dev)]
