"""Programs that publish a site, and that take a publication back."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "WRANGLER", "check", "name_of", "wrangler_program")
load(":site.bzl", "WranglerSiteInfo")

def _impl(ctx, command):
    site = ctx.attr.manifest[WranglerSiteInfo]
    branch = ctx.attr.production_branch
    check(ctx, "production_branch", branch, "the name of a branch", branch)
    script = [site.script] if site.script else []
    return wrangler_program(
        ctx,
        command = command,
        files = [site.manifest, site.folder, site.config] + script,
        params = {
            "account": ctx.attr.account,
            "config": site.config.short_path,
            "label": name_of(ctx.label),
            "manifest": site.manifest.short_path,
            "productionBranch": branch,
            "script": site.script.short_path if site.script else "",
            "site": site.folder.short_path,
        },
    )

_ATTRS = ENGINE | WRANGLER | {
    "account": attr.string(doc = "The account, where the environment does not name one; no secret."),
    "manifest": attr.label(doc = "The `.manifest` of a site.", mandatory = True, providers = [WranglerSiteInfo]),
    "production_branch": attr.string(doc = "The branch whose deployments are production.", default = "main"),
}

wrangler_deploy = rule(
    lambda ctx: _impl(ctx, "deploy"),
    doc = "Publishes a site: `bazel run TARGET -- [--plan] [--branch NAME]`.",
    attrs = _ATTRS,
    executable = True,
    toolchains = TOOLCHAINS,
)

wrangler_rollback = rule(
    lambda ctx: _impl(ctx, "rollback"),
    doc = "Serves an earlier deployment again: `bazel run TARGET -- [--list | --to ID]`.",
    attrs = _ATTRS,
    executable = True,
    toolchains = TOOLCHAINS,
)
