"""sextant_machine: a state machine in YAML, and the proof that what is generated from it is up to date."""

load("@aspect_rules_js//js:defs.bzl", "js_run_binary")
load("@bazel_skylib//rules:diff_test.bzl", "diff_test")

# What is written beside <name>.yaml, with the name of its test.
_OUTPUTS = {
    ".md": "page",
    ".property.test.ts": "properties",
    ".ts": "code",
}

def sextant_machine(name, src = None, tags = [], visibility = None):
    """Checks a state machine, generates its code, page and property tests, and compares them with the committed files.

    The committed files stand beside the YAML, where TypeScript and Gazelle find them like others: the code in the
    folder's library, the property tests in a ts_test. `bazel run //:format` brings them up to date.

    ```starlark
    load("//operators/sextant:defs.bzl", "sextant_machine")

    sextant_machine(name = "machine")
    ```
    makes `:machine` (the generated files; fails where the machine is wrong), `:machine_code_test`, `:machine_page_test`
    and `:machine_properties_test`.

    Args:
      name: the machine; the file's name without ending
      src: the YAML file; default <name>.yaml
      tags: tags of all targets
      visibility: as everywhere
    """
    src = src or name + ".yaml"
    base = src.removesuffix(".yaml")
    folder = name + "_generated"
    js_run_binary(
        name = name,
        srcs = [src],
        outs = ["{}/{}{}".format(folder, base, ending) for ending in _OUTPUTS],
        args = [
            "generate",
            "--root=.",
            "--out={}/{}".format(native.package_name(), folder),
            "$(rootpath {})".format(src),
        ],
        mnemonic = "Sextant",
        progress_message = "Generating the state machine %{label}",
        tags = tags,
        tool = "//operators/sextant",
        visibility = visibility,
    )
    for ending, what in _OUTPUTS.items():
        diff_test(
            name = "{}_{}_test".format(name, what),
            size = "small",
            failure_message = "{} has changed, and what is generated from it has not. Run: ./bazel run //:format".format(src),
            file1 = base + ending,
            file2 = "{}/{}{}".format(folder, base, ending),
            tags = tags,
        )
