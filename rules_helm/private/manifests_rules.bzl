"""The rules behind manifests: tests of what is committed, and the program that writes it."""

load(":argocd_application.bzl", "ArgocdAppInfo", "path_in_repository")
load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_program")
load(":toolchain.bzl", "name_of")

def _app_params(target):
    info = target[ArgocdAppInfo]
    return {
        "app": info.app,
        "application": info.application.short_path,
        "label": name_of(target.label),
        "manifests": info.manifests.short_path,
        "overlay": info.overlay,
    }

def _app_files(target):
    info = target[ArgocdAppInfo]
    return [info.manifests, info.application]

def _shared(ctx):
    return {"folder": ctx.attr.folder, "label": name_of(ctx.label), "mend": ctx.attr.mend}

def _committed(ctx):
    return {path_in_repository(file).removeprefix(ctx.attr.folder + "/"): file for file in ctx.files.committed}

def _staleness_impl(ctx):
    info = ctx.attr.app[ArgocdAppInfo]
    folder = "{}/{}/".format(info.overlay, info.app)
    application = "{}/applications/{}.yaml".format(info.overlay, info.app)
    own = {path: file for path, file in _committed(ctx).items() if path.startswith(folder) or path == application}
    return engine_program(
        ctx,
        command = "manifests-staleness",
        files = own.values() + _app_files(ctx.attr.app),
        params = _shared(ctx) | {
            "app": _app_params(ctx.attr.app),
            "committed": {path: file.short_path for path, file in own.items()},
        },
    )

def _orphans_impl(ctx):
    return engine_program(
        ctx,
        command = "manifests-orphans",
        files = [file for app in ctx.attr.apps for file in _app_files(app)],
        params = _shared(ctx) | {"apps": [_app_params(app) for app in ctx.attr.apps], "committed": _committed(ctx).keys()},
    )

def _update_impl(ctx):
    return engine_program(
        ctx,
        command = "manifests-update",
        files = [file for app in ctx.attr.apps for file in _app_files(app)],
        params = _shared(ctx) | {"apps": [_app_params(app) for app in ctx.attr.apps]},
    )

_ATTRS = ENGINE | {
    "folder": attr.string(doc = "The folder of committed manifests, from the root of the repository.", mandatory = True),
    "mend": attr.string(doc = "The command that brings them up to date.", mandatory = True),
}
_APPS = {"apps": attr.label_list(doc = "argocd_app targets.", mandatory = True, providers = [ArgocdAppInfo])}
_COMMITTED = {"committed": attr.label_list(doc = "The committed files, of all applications.", allow_files = True)}

manifests_staleness_test = rule(
    _staleness_impl,
    doc = "Fails with a diff when the committed manifests of one application are not what it renders to.",
    attrs = _ATTRS | _COMMITTED | {
        "app": attr.label(doc = "An argocd_app.", mandatory = True, providers = [ArgocdAppInfo]),
    },
    test = True,
    toolchains = TOOLCHAINS,
)

manifests_orphan_test = rule(
    _orphans_impl,
    doc = "Fails when a committed file is rendered by no application.",
    attrs = _ATTRS | _APPS | _COMMITTED,
    test = True,
    toolchains = TOOLCHAINS,
)

manifests_update = rule(
    _update_impl,
    doc = "Writes what is rendered into the checkout; with --check it only looks.",
    attrs = _ATTRS | _APPS,
    executable = True,
    toolchains = TOOLCHAINS,
)
