"""base: an image that others lie on, made of a lock's Debian packages."""

load("@image_bases//:bases.bzl", "BASES")
load("@rules_oci//oci:defs.bzl", "oci_image")
load("//tools/ts:defs.bzl", "ts_test")

def base(name, layers = [], tags = [], visibility = None):
    """A base image of `<name>.yaml` and `<name>.lock.json`.

    ```starlark
    base(
        name = "node",
        layers = [":node_layer"],
    )
    ```

    Args:
      name: the base; `MODULE.bazel` hands its lock to the `bases` extension
      layers: archives over the packages
      tags: tags of all targets
      visibility: who may build on it
    """
    config = BASES[name]
    oci_image(
        name = name,
        architecture = select({
            "@platforms//cpu:arm64": "arm64",
            "@platforms//cpu:x86_64": "amd64",
        }),
        env = config["environment"],
        os = "linux",
        tags = tags + ["manual"],
        tars = ["@image_bases//{}:layer".format(name)] + layers,
        user = config["user"],
        visibility = visibility,
        workdir = config["workdir"],
    )

def lock_test(name, base, tags = []):
    """A test that fails where `<base>.yaml` and `<base>.lock.json` disagree.

    Args:
      name: the test
      base: the base
      tags: tags of the test
    """
    files = [base + ".yaml", base + ".lock.json"]
    ts_test(
        name = name,
        srcs = ["lock.test.ts"],
        data = files,
        env = {
            "BASE_LOCK": "$(rootpath {})".format(files[1]),
            "BASE_YAML": "$(rootpath {})".format(files[0]),
        },
        tags = tags,
        deps = ["//tools/image"],
    )
