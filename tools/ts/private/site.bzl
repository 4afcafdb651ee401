"""site: a static site, ready to be deployed or served from any path."""

load("@aspect_rules_js//js:defs.bzl", "js_run_binary")

def site(name, entry_point = "main.tsx", html = "index.html", deps = [], assets = [], tags = [], visibility = None):
    """Bundles a React site into a folder with hashed names; all URLs in it are relative.

    `html` names the entry point in `<script type="module" src="./main.tsx">`: the built page names the hashed script and its style sheet.
    Imports of .woff2, .png and .svg give a URL; `import url from "package/worker.mjs?worker&url"` bundles a web worker and gives its URL.

    ```starlark
    site(
        name = "dist",
        assets = ["favicon.svg", "//tools/basemap:basemap.pmtiles"],
        deps = [":trips"],
    )
    ```

    Args:
      name: the folder
      entry_point: the first script, in the srcs of a library of deps
      html: the page
      deps: libraries with all scripts and styles
      assets: files that are copied to the folder's top as they are
      tags: tags of the action
      visibility: who may serve or deploy it
    """
    package = native.package_name()
    js_run_binary(
        name = name,
        srcs = [html] + deps + assets,
        args = [
            "--entry={}/{}".format(package, entry_point),
            "--html={}/{}".format(package, html),
            "--out={}/{}".format(package, name),
        ] + ["--asset=$(rootpath {})".format(asset) for asset in assets],
        mnemonic = "SiteBundle",
        out_dirs = [name],
        progress_message = "Bundling %{label}",
        tags = tags,
        tool = "//tools/ts:bundle_site",
        visibility = visibility,
    )
