"""security_headers: the `_headers` file of a site."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "check", "engine_action", "folder_of", "name_of")

def _security_headers_impl(ctx):
    folder = folder_of(ctx, "site")
    check(ctx, "hsts_seconds", ctx.attr.hsts_seconds >= 0, "seconds", ctx.attr.hsts_seconds)
    out = ctx.actions.declare_file(ctx.label.name + "/_headers")
    engine_action(
        ctx,
        command = "security-headers",
        inputs = [folder],
        mnemonic = "WranglerHeaders",
        outputs = [out],
        params = {
            "csp": ctx.attr.csp,
            "extra": ctx.attr.extra,
            "hstsSeconds": ctx.attr.hsts_seconds,
            "label": name_of(ctx.label),
            "out": out.path,
            "permissions": ctx.attr.permissions,
            "site": folder.path,
        },
        progress_message = "Writing the headers of %{label}",
    )
    return [DefaultInfo(files = depset([out]))]

security_headers = rule(
    _security_headers_impl,
    doc = """Writes the `_headers` of a site: Content-Security-Policy, HSTS, and caching for ever of names with a content hash.

The policy allows what comes from the site itself, workers and images from blobs (MapLibre's), and the inline scripts and style sheets of
its pages, by their hashes. What more is needed is said:

```starlark
security_headers(
    name = "headers",
    csp = {"connect-src": ["https://api.example.org"]},
    site = ":dist",
)
```
""",
    attrs = ENGINE | {
        "csp": attr.string_list_dict(doc = "Directive to sources that are allowed too."),
        "extra": attr.string_list(doc = "More lines of the file."),
        "hsts_seconds": attr.int(doc = "How long a browser insists on HTTPS; two years.", default = 63072000),
        "permissions": attr.string_list(doc = "Features of browsers that the site uses, such as `geolocation`."),
        "site": attr.label(doc = "A target that makes one folder.", allow_files = True, mandatory = True),
    },
    toolchains = TOOLCHAINS,
)
