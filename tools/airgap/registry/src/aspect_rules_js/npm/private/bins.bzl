"""The macros behind @npm//<importer>:<package>/package_json.bzl."""

load("@bazel_lib//lib:directory_path.bzl", "directory_path")
load("//js:defs.bzl", "js_binary", "js_run_binary", "js_test")

# buildifier: disable=unnamed-macro
def bin_macros(store, path, mnemonic):
    """Makes the three macros of a package's program.

    Args:
      store: label of the package with all that it needs
      path: the program's file in the package
      mnemonic: the name of its actions
    Returns:
      a struct with the macros run, test and binary
    """
    store_target = Label(store)
    store_folder = Label(store + "/dir")

    def entry_point(name):
        directory_path(name = name + "__entry_point", directory = store_folder, path = path, tags = ["manual"])
        return ":{}__entry_point".format(name)

    def run(name, data = [], fixed_args = [], include_npm = False, **kwargs):
        kwargs.setdefault("mnemonic", mnemonic)
        js_binary(
            name = name + "__js_binary",
            data = [store_target] + data,
            entry_point = entry_point(name),
            fixed_args = fixed_args,
            include_npm = include_npm,
            tags = ["manual"],
        )
        js_run_binary(name = name, tool = ":{}__js_binary".format(name), **kwargs)

    def test(name, data = [], **kwargs):
        js_test(name = name, data = data + [store_target], entry_point = entry_point(name), **kwargs)

    def binary(name, data = [], **kwargs):
        js_binary(name = name, data = data + [store_target], entry_point = entry_point(name), **kwargs)

    return struct(run = run, test = test, binary = binary)
