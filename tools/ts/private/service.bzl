"""node_service: a service that runs from its sources, as a bundle and as an image."""

load("//tools/image:defs.bzl", "image", "native_names")
load(":binary.bzl", "ts_binary")
load(":bundle.bzl", "bundle")

def node_service(name = "service", entry_point = "main.ts", deps = [], data = [], env = {}, port = 8080, native_packages = [], tags = [], visibility = None):
    """A Node service.

    ```starlark
    node_service(
        name = "service",
        port = 8083,
        deps = [":trips-api"],
    )
    ```
    makes `:service` (runs from the sources), `:bundle` (the folders `app` and `vendor`; the program is `app/main.mjs`) and `:image` with
    `:image.load` and `:image.push` (see //tools/image). Another name than "service" is put before the others: `<name>_bundle`.

    Args:
      name: the runnable target
      entry_point: composition root and signals
      deps: libraries and npm packages that the entry point imports
      data: files that the service reads when it runs from its sources
      env: environment of the image, and of `bazel run`
      port: where the image listens
      native_packages: npm packages with programs of a platform, such as //:node_modules/sharp: they are not bundled, and each platform's
        image has its own in /app/node_modules; they belong to deps too
      tags: tags of all targets
      visibility: who may use the targets
    """
    prefix = "" if name == "service" else name + "_"
    ts_binary(
        name = name,
        data = data,
        entry_point = entry_point,
        env = env,
        tags = tags,
        visibility = visibility,
        deps = deps,
    )
    bundle(
        name = prefix + "bundle",
        srcs = [":{}_main".format(name)],
        app_dir = prefix + "app",
        entry_point = entry_point,
        native_names = native_names(native_packages),
        tags = tags,
        vendor_dir = prefix + "vendor",
        visibility = visibility,
    )
    image(
        name = prefix + "image",
        app = prefix + "app",
        bundle = ":{}bundle".format(prefix),
        env = env,
        native_packages = native_packages,
        port = port,
        tags = tags,
        vendor = prefix + "vendor",
        visibility = visibility,
    )
