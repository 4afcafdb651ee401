"""js_info_files: files of JsInfo as a target's default output."""

load(":js_helpers.bzl", "gather_files_from_js_infos")

_INCLUDE = {
    "include_npm_sources": True,
    "include_sources": True,
    "include_transitive_sources": True,
    "include_transitive_types": False,
    "include_types": False,
}

def _js_info_files_impl(ctx):
    return DefaultInfo(files = gather_files_from_js_infos(targets = ctx.attr.srcs, **{name: getattr(ctx.attr, name) for name in _INCLUDE}))

js_info_files = rule(
    implementation = _js_info_files_impl,
    doc = "The files that the JsInfo of srcs names, chosen by the include attributes.",
    attrs = dict(
        {name: attr.bool(default = default) for name, default in _INCLUDE.items()},
        srcs = attr.label_list(allow_files = True),
    ),
)
