"""image: a service as an OCI image for several platforms."""

load("@aspect_rules_js//js:defs.bzl", "js_run_binary")
load("@bazel_lib//lib:transitions.bzl", "platform_transition_filegroup")
load("@rules_oci//oci:defs.bzl", "oci_image", "oci_image_index", "oci_load", "oci_push")
load("@rules_pkg//pkg:mappings.bzl", "REMOVE_BASE_DIRECTORY", "pkg_attributes", "pkg_files")
load("@rules_pkg//pkg:tar.bzl", "pkg_tar")
load("//tools/image/private:folder.bzl", "bundle_folder", "platform_independent", "printed")
load("//tools/image/private:native.bzl", "native_packages_folder", _native_names = "native_names")

native_names = _native_names

_PLATFORMS = ["//:linux_amd64", "//:linux_arm64"]

def _bundle_layer(name, bundle, folder, tags):
    """One folder of the bundle below /app."""
    bundle_folder(
        name = name + "_folder",
        bundle = bundle,
        folder = folder,
        tags = tags,
    )
    return _layer(name, name + "_folder", "app", tags)

def _archive(name, folder, prefix, tags, **renamed):
    """An archive with a folder below the prefix."""
    pkg_files(
        name = name + "_files",
        srcs = [folder],
        attributes = pkg_attributes(mode = "0644"),
        prefix = prefix,
        tags = tags,
        **renamed
    )
    pkg_tar(
        name = name,
        srcs = [name + "_files"],
        tags = tags,
    )
    return name

def _native_layer(name, packages, tags):
    """The packages in /app/node_modules, for each platform its own."""
    native_packages_folder(
        name = name + "_folder",
        cpu = select({
            "@platforms//cpu:arm64": "arm64",
            "@platforms//cpu:x86_64": "x64",
        }),
        names = native_names(packages),
        packages = packages,
        tags = tags,
    )
    return _archive(name, name + "_folder", "app/node_modules", tags, renames = {name + "_folder": REMOVE_BASE_DIRECTORY})

def _layer(name, folder, prefix, tags, **renamed):
    """An archive with a folder below the prefix, built once for all platforms."""
    _archive(name + "_tar", folder, prefix, tags, **renamed)
    platform_independent(
        name = name,
        src = name + "_tar",
        tags = tags,
    )
    return name

def image(
        name,
        bundle,
        app = "app",
        vendor = "vendor",
        folders = {},
        native_packages = [],
        base = "//tools/image/bases:node",
        entrypoint = None,
        env = {},
        labels = {},
        port = None,
        platforms = _PLATFORMS,
        repository = None,
        tags = [],
        visibility = None):
    """An image of a bundled Node service: the packages of its base, Node, npm code and our code, one layer each.

    It runs as uid 1000 in /app, writes nothing to its root, and holds neither shell nor npm. A change in our code uploads the
    last layer only, which is kilobytes.

    ```starlark
    image(
        name = "image",
        bundle = ":bundle",
        env = {"LOG_LEVEL": "info"},
        port = 8083,
    )
    ```
    makes
    - `:image`, the index of all platforms (a folder with an OCI layout), and `:image.digest`, a file with its digest
    - `:image.load`, which loads this machine's platform into docker, podman or nerdctl
    - `:image.push`, which pushes the index: `bazel run :image.push -- -r REPOSITORY -t TAG`
    - `:image.size`, which prints the layers and their bytes

    Args:
      name: the index
      bundle: target with the folders of a bundle (see node_service)
      app: the bundle's folder of our own code; it has main.mjs
      vendor: its folder of npm code
      folders: more folders, such as a built site, each a layer: path below /app to label
      native_packages: links of npm packages that the bundle imports and does not hold, since they have programs of a platform; a layer
      base: oci_image below it
      entrypoint: the command; default Node with source maps and main.mjs
      env: environment, over the base's
      labels: of the image's configuration
      port: where the service listens; sets PORT and HOST, and is exposed
      platforms: platforms of the index
      repository: where `.push` pushes to when no -r is given, and the name under which `.load` loads; default for the latter
        `homelab/<folder>`
      tags: tags of all targets
      visibility: who may use the targets
    """
    private = tags + ["manual"]
    listens = {"HOST": "0.0.0.0", "PORT": str(port)} if port else {}
    oci_image(
        name = name + "_one",
        base = base,
        entrypoint = entrypoint or ["/usr/bin/node", "--enable-source-maps", "/app/{}/main.mjs".format(app)],
        env = listens | env,
        exposed_ports = ["{}/tcp".format(port)] if port else None,
        labels = labels or None,
        tags = private,
        tars = ([_native_layer(name + "_native_layer", native_packages, private)] if native_packages else []) +
               [_bundle_layer(name + "_vendor_layer", bundle, vendor, private)] +
               [
                   _layer(name + "_" + path.replace("/", "_") + "_layer", folder, "app/" + path, private, renames = {folder: REMOVE_BASE_DIRECTORY})
                   for path, folder in folders.items()
               ] +
               [_bundle_layer(name + "_app_layer", bundle, app, private)],
    )
    oci_image_index(
        name = name,
        images = [name + "_one"],
        platforms = platforms,
        tags = tags,
        visibility = visibility,
    )

    platform_transition_filegroup(
        name = name + "_here",
        srcs = [name + "_one"],
        tags = private,
        target_platform = select({
            "@platforms//cpu:arm64": "//:linux_arm64",
            "@platforms//cpu:x86_64": "//:linux_amd64",
        }),
    )
    oci_load(
        name = name + ".load",
        image = name + "_here",
        repo_tags = ["{}:latest".format(repository or "homelab/" + native.package_name().split("/")[-1])],
        tags = tags,
        visibility = visibility,
    )
    oci_push(
        name = name + ".push",
        image = name,
        repository = repository,
        tags = tags,
        visibility = visibility,
    )
    js_run_binary(
        name = name + "_size",
        srcs = [name],
        args = ["$(rootpath :{})".format(name)],
        mnemonic = "ImageSize",
        stdout = name + ".size.txt",
        tags = private,
        tool = "//tools/image:size",
    )
    printed(
        name = name + ".size",
        src = name + ".size.txt",
        tags = tags,
        visibility = visibility,
    )
