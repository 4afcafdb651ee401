"""The bundling actions behind node_service and site."""

load("@aspect_rules_js//js:defs.bzl", "js_run_binary")

def bundle(name, entry_point, srcs, app_dir, vendor_dir, native_names = [], tags = [], visibility = None):
    """Bundles a Node program: `app_dir` holds main.mjs and its map, `vendor_dir` the npm packages that it imports.

    Args:
      name: the target with both folders
      entry_point: the program's first file, of this package
      srcs: libraries with all sources
      app_dir: the folder of our own code, which changes often
      vendor_dir: the folder of npm code, which seldom does
      native_names: npm packages that stay imports, since they hold programs of a platform
      tags: tags of the action
      visibility: who may run or pack it
    """
    js_run_binary(
        name = name,
        srcs = srcs,
        args = ["{}/{}".format(native.package_name(), entry_point), native.package_name(), app_dir, vendor_dir] + native_names,
        mnemonic = "NodeBundle",
        out_dirs = [app_dir, vendor_dir],
        progress_message = "Bundling %{label}",
        tags = tags,
        tool = "//tools/ts:bundle_service",
        visibility = visibility,
    )
