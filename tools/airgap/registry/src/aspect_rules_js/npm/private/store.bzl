"""The rules behind node_modules: a package's files, a package with all that it needs, and a link to one.

Links are unresolved symlinks. They carry a path and no dependency, so that packages may need each other in a circle; what a
package needs in the end is a flat list that was computed from the lock file."""

load("//js:providers.bzl", "JsInfo", "js_info")
load(":package_info.bzl", "NpmPackageInfo", "NpmPackageStoreInfo")

STORE = ".aspect_rules_js"

# What the real rule leaves out of every package by default.
_EXCLUDED = [
    "*.md",
    ".*ignore",
    ".documentup.json",
    ".editorconfig",
    ".eslintrc",
    ".flowconfig",
    ".gitattributes",
    ".jshintrc",
    ".tern-project",
    ".travis.yml",
    ".yarn-metadata.json",
    "Gruntfile.js",
    "Gulpfile.js",
    "Makefile",
    "appveyor.yml",
    "circle.yml",
    "codeship-services.yml",
    "codeship-steps.yml",
    "wercker.yml",
]

# Archives of npm have one folder at the top, of any name; some have folders that cannot be listed.
_UNPACK = """\
set -e
archive=$1; folder=$2; shift 2
tar -xzf "$archive" -C "$folder" --strip-components=1 --no-same-owner --no-same-permissions --delay-directory-restore "$@"
chmod -R u=rwX,go=rX "$folder"
"""

def relative_link(link, target):
    """The text of a symlink.

    Args:
      link: path of the symlink
      target: path that it leads to, from the same root
    Returns:
      the path from the one to the other
    """
    from_parts, to_parts = link.split("/")[:-1], target.split("/")
    common = 0
    for i in range(min(len(from_parts), len(to_parts))):
        if from_parts[i] != to_parts[i]:
            break
        common = i + 1
    return "/".join([".."] * (len(from_parts) - common) + to_parts[common:])

def make_link(ctx, path, target):
    """Declares a symlink to a folder.

    Args:
      ctx: the rule's context
      path: the symlink, from the package's folder
      target: where it leads, from the execution root
    Returns:
      the symlink
    """
    link = ctx.actions.declare_symlink(path)
    ctx.actions.symlink(output = link, target_path = relative_link(link.path, target))
    return link

def _links(ctx, folder):
    at = "{}/node_modules".format(folder)
    base = "/".join([part for part in [ctx.bin_dir.path, ctx.label.workspace_root, ctx.label.package, "node_modules", STORE] if part])
    return [
        make_link(ctx, "{}/{}".format(at, alias), "{}/{}".format(base, target))
        for alias, target in ctx.attr.links.items()
    ]

def _store_info(ctx, directory, files, transitive_files):
    return NpmPackageStoreInfo(
        key = "{}@{}".format(ctx.attr.package, ctx.attr.version),
        root_package = ctx.label.package,
        package = ctx.attr.package,
        version = ctx.attr.version,
        ref_deps = {},
        package_store_directory = directory,
        files = files,
        transitive_files = transitive_files,
    )

def _npm_files_impl(ctx):
    folder = "node_modules/{}/{}".format(STORE, ctx.attr.store)
    tree = ctx.actions.declare_directory("{}/node_modules/{}".format(folder, ctx.attr.package))
    ctx.actions.run_shell(
        command = _UNPACK,
        arguments = [ctx.file.archive.path, tree.path] + ["--exclude=" + pattern for pattern in _EXCLUDED],
        inputs = [ctx.file.archive],
        outputs = [tree],
        mnemonic = "NpmPackageExtract",
        progress_message = "Extracting npm package {}@{}".format(ctx.attr.package, ctx.attr.version),
        env = {"LC_ALL": "C"},
        use_default_shell_env = True,
    )
    files = depset([tree] + _links(ctx, folder))
    return [DefaultInfo(files = files), _store_info(ctx, tree, files, files)]

npm_files = rule(
    implementation = _npm_files_impl,
    doc = "The files of one package of the lock file, and the links to its direct dependencies.",
    attrs = {
        "archive": attr.label(allow_single_file = True, mandatory = True),
        "links": attr.string_dict(doc = "name that the package imports -> path under node_modules/.aspect_rules_js"),
        "package": attr.string(mandatory = True),
        "store": attr.string(mandatory = True, doc = "the package's folder under node_modules/.aspect_rules_js"),
        "version": attr.string(mandatory = True),
    },
    provides = [NpmPackageStoreInfo],
)

def _npm_store_impl(ctx):
    info = ctx.attr.files[NpmPackageStoreInfo]
    transitive = depset(transitive = [one[NpmPackageStoreInfo].files for one in ctx.attr.closure])
    return [
        DefaultInfo(),
        js_info(target = ctx.label, npm_sources = transitive),
        NpmPackageStoreInfo(
            key = info.key,
            root_package = info.root_package,
            package = info.package,
            version = info.version,
            ref_deps = {},
            package_store_directory = info.package_store_directory,
            files = info.files,
            transitive_files = transitive,
        ),
        OutputGroupInfo(package_directory = depset([info.package_store_directory])),
    ]

npm_store = rule(
    implementation = _npm_store_impl,
    doc = "One package of the lock file with all that it needs.",
    attrs = {
        "closure": attr.label_list(providers = [NpmPackageStoreInfo]),
        "files": attr.label(providers = [NpmPackageStoreInfo], mandatory = True),
    },
    provides = [JsInfo, NpmPackageStoreInfo],
)

def _npm_local_store_impl(ctx):
    path = "node_modules/{}/{}/node_modules/{}".format(STORE, ctx.attr.store, ctx.attr.package)
    src = ctx.attr.src
    if NpmPackageInfo in src:
        directory = ctx.actions.declare_directory(path)
        ctx.actions.run_shell(
            command = 'cp -RL "$1/." "$2"',
            arguments = [src[NpmPackageInfo].src.path, directory.path],
            inputs = [src[NpmPackageInfo].src],
            outputs = [directory],
            mnemonic = "CopyDirectory",
            use_default_shell_env = True,
        )
        linked = src[NpmPackageInfo].npm_package_store_infos.to_list()
        base = directory.path.removesuffix("{}/node_modules/{}".format(ctx.attr.store, ctx.attr.package))
        own = [
            make_link(ctx, "node_modules/{}/{}/node_modules/{}".format(STORE, ctx.attr.store, one.package), one.package_store_directory.path)
            for one in linked
            if one.package_store_directory.path.startswith(base)
        ]
        files = depset([directory] + own)
        info = js_info(target = ctx.label, npm_sources = depset(transitive = [files] + [one.transitive_files for one in linked]))
    elif JsInfo in src:
        label = src[JsInfo].target
        target = "/".join([part for part in [ctx.bin_dir.path, label.workspace_root, label.package] if part])
        directory = make_link(ctx, path, target)
        files = depset([directory])
        given = src[JsInfo]
        info = js_info(
            target = ctx.label,
            sources = given.transitive_sources,
            types = given.transitive_types,
            transitive_sources = given.transitive_sources,
            transitive_types = given.transitive_types,
            npm_sources = depset([directory], transitive = [given.npm_sources]),
        )
    else:
        fail("{}: {} stands for the workspace package {} and has to be a js_library, ts_project or npm_package".format(ctx.label, src.label, ctx.attr.package))
    return [
        DefaultInfo(runfiles = src[DefaultInfo].default_runfiles),
        info,
        _store_info(ctx, directory, files, info.npm_sources),
        OutputGroupInfo(package_directory = depset([directory] if NpmPackageInfo in src else [])),
    ]

npm_local_store = rule(
    implementation = _npm_local_store_impl,
    doc = "A package of this workspace: a link to its folder, or a copy of an npm_package.",
    attrs = {
        "package": attr.string(mandatory = True),
        "src": attr.label(mandatory = True),
        "store": attr.string(mandatory = True),
        "version": attr.string(default = "0.0.0"),
    },
    provides = [JsInfo, NpmPackageStoreInfo],
)

def _npm_link_impl(ctx):
    store, info = ctx.attr.src[NpmPackageStoreInfo], ctx.attr.src[JsInfo]
    link = make_link(ctx, "node_modules/{}".format(ctx.attr.package), store.package_store_directory.path)
    npm_sources = depset([link], transitive = [store.transitive_files, info.npm_sources])
    return [
        DefaultInfo(
            files = depset([link], transitive = [store.files, info.npm_sources, info.sources]),
            runfiles = ctx.runfiles(transitive_files = depset(transitive = [npm_sources, info.transitive_sources]))
                .merge(ctx.attr.src[DefaultInfo].default_runfiles),
        ),
        js_info(
            target = ctx.label,
            sources = info.sources,
            types = info.types,
            transitive_sources = info.transitive_sources,
            transitive_types = info.transitive_types,
            npm_sources = npm_sources,
            npm_package_store_infos = depset() if ctx.attr.dev else depset([store]),
        ),
        ctx.attr.src[OutputGroupInfo],
    ]

npm_link = rule(
    implementation = _npm_link_impl,
    doc = "A name in an importer's node_modules.",
    attrs = {
        "dev": attr.bool(),
        "package": attr.string(mandatory = True, doc = "the name that code imports"),
        "src": attr.label(providers = [JsInfo, NpmPackageStoreInfo], mandatory = True),
    },
    provides = [JsInfo],
)
