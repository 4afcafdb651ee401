"""The repository that npm_translate_lock makes of a lock file."""

load("//private:unsupported.bzl", "unsupported")

_SCRIPTS = ["bins", "fetch", "graph", "main", "render", "yaml"]

# What the real tag has beside these: refused, unless it has the value that changes nothing.
_REFUSED = {
    "bins": ("string_list_dict", {}, "bins are read from each package's package.json"),
    "custom_postinstalls": ("string_dict", {}, "no script of a package is run; do it in a target of your own"),
    "lifecycle_hooks": ("string_list_dict", {}, "no script of a package is run; leave onlyBuiltDependencies empty"),
    "lifecycle_hooks_envs": ("string_list_dict", {}, "no script of a package is run"),
    "lifecycle_hooks_exclude": ("string_list", [], "no script of a package is run"),
    "lifecycle_hooks_execution_requirements": ("string_list_dict", {}, "no script of a package is run"),
    "lifecycle_hooks_use_default_shell_env": ("string_dict", {}, "no script of a package is run"),
    "npm_package_lock": ("label", None, "make a pnpm-lock.yaml with `pnpm import`"),
    "package_visibility": ("string_list_dict", {}, "links are public"),
    "patch_args": ("string_list_dict", {}, "use another version of the package"),
    "patches": ("string_list_dict", {}, "use another version of the package"),
    "preupdate": ("label_list", [], "run the script by `bazel run` before pnpm"),
    "public_hoist_packages": ("string_list_dict", {}, "depend on the package in package.json"),
    "update_pnpm_lock": ("bool", False, "run `pnpm install --lockfile-only`"),
    "use_home_npmrc": ("bool", False, "npm reads the user's settings anyway"),
    "verify_patches": ("label", None, "patches are not supported either"),
    "yarn_lock": ("label", None, "make a pnpm-lock.yaml with `pnpm import`"),
}
_KINDS = {
    "bool": attr.bool,
    "label": attr.label,
    "label_list": attr.label_list,
    "string_dict": attr.string_dict,
    "string_list": attr.string_list,
    "string_list_dict": attr.string_list_dict,
}

_REPOSITORY_ATTRS = {
    "data": attr.label_list(doc = "files that pnpm reads; the lock file has what matters of them"),
    "no_dev": attr.bool(doc = "leave devDependencies out"),
    "no_optional": attr.bool(doc = "leave optionalDependencies out"),
    "npm_package_target_name": attr.string(default = "pkg", doc = "the target in a workspace package's folder that stands for it"),
    "npmrc": attr.label(doc = "npm's settings; the machine's own are in force besides"),
    "pnpm_lock": attr.label(mandatory = True, doc = "pnpm-lock.yaml, version 9"),
    "verify_node_modules_ignored": attr.label(doc = ".bazelignore, which has to name the node_modules folders"),
}

TRANSLATE_ATTRS = dict(
    {name: _KINDS[kind]() for name, (kind, _, _) in _REFUSED.items()},
    name = attr.string(mandatory = True),
    quiet = attr.bool(default = True),
    run_lifecycle_hooks = attr.bool(default = True),
    **_REPOSITORY_ATTRS
)

def refuse_unsupported(tag):
    """Fails where a tag asks for what is not done here.

    Args:
      tag: an npm_translate_lock tag
    """
    for name, (_, harmless, advice) in _REFUSED.items():
        if getattr(tag, name) != harmless:
            unsupported("npm_translate_lock", name, advice)

def _require_settings(rctx):
    """The real rule asks for these too: without them pnpm could mean to run scripts."""
    file = rctx.path(rctx.attr.pnpm_lock).dirname.get_child("pnpm-workspace.yaml")
    text = rctx.read(file) if file.exists else ""
    manifest = rctx.path(rctx.attr.pnpm_lock).dirname.get_child("package.json")
    text += rctx.read(manifest) if manifest.exists else ""
    if "onlyBuiltDependencies" not in text and "allowBuilds" not in text:
        fail("npm_translate_lock: write `onlyBuiltDependencies: []` into pnpm-workspace.yaml: which packages may run scripts has to be said, and here none may")

def _npm_lock_repository_impl(rctx):
    scripts = [rctx.path(script) for script in rctx.attr._scripts]
    lock = rctx.attr.pnpm_lock
    _require_settings(rctx)
    node = rctx.which("node")
    if not node or not rctx.which("npm"):
        fail("{} is needed and is not on PATH; install Node.js with npm (on Debian: apt-get install npm)".format("npm" if node else "node"))
    settings = {
        "ignore": str(rctx.path(rctx.attr.verify_node_modules_ignored)) if rctx.attr.verify_node_modules_ignored else "",
        "importerPrefix": lock.package,
        "lock": str(rctx.path(lock)),
        "lockLabel": str(lock),
        "noDev": rctx.attr.no_dev,
        "noOptional": rctx.attr.no_optional,
        "npmrc": str(rctx.path(rctx.attr.npmrc)) if rctx.attr.npmrc else "",
        "root": "@@{}//{}".format(lock.repo_name, lock.package),
        "target": rctx.attr.npm_package_target_name,
    }
    main = [script for script in scripts if script.basename == "main.mjs"][0]
    rctx.report_progress("Fetching npm packages")
    made = rctx.execute([node, main, json.encode(settings)], timeout = 3600, environment = {"NODE_OPTIONS": ""})
    if made.return_code != 0:
        fail("\nnpm_translate_lock: {}".format(made.stderr.strip()))

npm_lock_repository = repository_rule(
    implementation = _npm_lock_repository_impl,
    doc = "Fetches the packages of a lock file that this platform needs, and writes macros that link them.",
    attrs = dict(
        _REPOSITORY_ATTRS,
        _scripts = attr.label_list(default = [Label("//npm/private/lock:{}.mjs".format(script)) for script in _SCRIPTS]),
    ),
    environ = ["HOME", "PATH", "XDG_CACHE_HOME"],
)
