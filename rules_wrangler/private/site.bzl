"""What is published: a folder with its rule files, checked, and its manifest."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "check", "engine_action", "folder_of", "name_of")

WranglerSiteInfo = provider(
    doc = "A site that has passed all checks.",
    fields = {
        "config": "File: wrangler.jsonc, .json or .toml",
        "folder": "File: the folder that is uploaded, with _headers and _redirects",
        "kind": "string: pages or worker",
        "manifest": "File: JSON, each path with Cloudflare's hash of it",
        "script": "File or None: the script of a Worker",
    },
)

def _wrangler_site_impl(ctx):
    label = name_of(ctx.label)
    kind = ctx.attr.kind
    config = ctx.file.config
    check(ctx, "config", config.extension in ["jsonc", "json", "toml"], "wrangler.jsonc, wrangler.json or wrangler.toml", config.basename)
    folder = folder_of(ctx, "site")
    files = [[file, name] for file, name in [(ctx.file.headers, "_headers"), (ctx.file.redirects, "_redirects")] if file]
    if files:
        staged = ctx.actions.declare_directory(ctx.label.name.removesuffix(".manifest") + ".site")
        engine_action(
            ctx,
            command = "stage",
            inputs = [folder] + [file for file, _ in files],
            mnemonic = "WranglerStage",
            outputs = [staged],
            params = {
                "files": [[file.path, name] for file, name in files],
                "label": label,
                "out": staged.path,
                "site": folder.path,
            },
            progress_message = "Putting headers and redirects into %{label}",
        )
        folder = staged
    manifest = ctx.actions.declare_file(ctx.label.name.removesuffix(".manifest") + ".manifest.json")
    engine_action(
        ctx,
        command = "check",
        inputs = [config, folder] + ([ctx.file.main] if ctx.file.main else []),
        mnemonic = "WranglerCheck",
        outputs = [manifest],
        params = {
            "config": config.path,
            "kind": kind,
            "label": label,
            "name": ctx.attr.site_name,
            "out": manifest.path,
            "script": ctx.file.main.path if ctx.file.main else "",
            "site": folder.path,
        },
        progress_message = "Checking what %{label} publishes",
    )
    return [
        DefaultInfo(files = depset([manifest])),
        OutputGroupInfo(site = depset([folder])),
        WranglerSiteInfo(config = config, folder = folder, kind = kind, manifest = manifest, script = ctx.file.main),
    ]

wrangler_site = rule(
    _wrangler_site_impl,
    doc = "Checks a site and makes its manifest; `wrangler_pages` and `wrangler_worker` declare it as `<name>.manifest`.",
    attrs = ENGINE | {
        "config": attr.label(doc = "wrangler.jsonc, wrangler.json or wrangler.toml.", allow_single_file = True, mandatory = True),
        "headers": attr.label(doc = "A `_headers` file.", allow_single_file = True),
        "kind": attr.string(doc = "What it is published to.", mandatory = True, values = ["pages", "worker"]),
        "main": attr.label(doc = "The built script of a Worker.", allow_single_file = [".js", ".mjs"]),
        "redirects": attr.label(doc = "A `_redirects` file.", allow_single_file = True),
        "site": attr.label(doc = "A target that makes one folder.", allow_files = True, mandatory = True),
        "site_name": attr.string(doc = "The name that the configuration has to say; empty takes what it says."),
    },
    toolchains = TOOLCHAINS,
)
