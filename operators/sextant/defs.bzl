"""sextant_machine: a state machine in YAML, and the proof that what is generated from it is up to date."""

load("@aspect_rules_js//js:defs.bzl", "js_run_binary")
load("@bazel_skylib//rules:diff_test.bzl", "diff_test")
load("@bazel_skylib//rules:native_binary.bzl", "native_test")

# What is written beside <name>.yaml, with the name of its test.
_OUTPUTS = {
    ".md": "page",
    ".property.test.ts": "properties",
    ".ts": "code",
}

# The same of what is written where it is asked for.
_WANTED = {
    ".alerts.yaml": "alerts",
    ".dashboard.json": "dashboard",
}

def sextant_machine(name, src = None, alerts = False, dashboard = False, mutations = True, tags = [], visibility = None):
    """Checks a state machine, generates its code, page and property tests, and compares them with the committed files.

    The committed files stand beside the YAML, where TypeScript and Gazelle find them like others: the code in the
    folder's library, the property tests in a ts_test. `bazel run //:format` brings them up to date.

    ```starlark
    load("//operators/sextant:defs.bzl", "sextant_machine")

    sextant_machine(name = "machine")
    ```
    makes `:machine` (the generated files; fails where the machine is wrong), `:machine_code_test`, `:machine_page_test`,
    `:machine_properties_test`, and `:machine_mutations_test`, which fails where a fault in the machine would be noticed by nothing.

    Args:
      name: the machine; the file's name without ending
      src: the YAML file; default <name>.yaml
      alerts: whether <name>.alerts.yaml, made by `sextant alerts`, stands beside it
      dashboard: whether <name>.dashboard.json, made by `sextant dashboard`, stands beside it
      mutations: whether every fault that `sextant mutate` puts into the machine has to be noticed
      tags: tags of all targets
      visibility: as everywhere
    """
    src = src or name + ".yaml"
    base = src.removesuffix(".yaml")
    folder = name + "_generated"
    outputs = dict(_OUTPUTS)
    for ending, what in _WANTED.items():
        if {"alerts": alerts, "dashboard": dashboard}[what]:
            outputs[ending] = what
    js_run_binary(
        name = name,
        srcs = [src] + [base + ending for ending in outputs if ending in _WANTED],
        outs = ["{}/{}{}".format(folder, base, ending) for ending in outputs],
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
    for ending, what in outputs.items():
        diff_test(
            name = "{}_{}_test".format(name, what),
            size = "small",
            failure_message = "{} has changed, and what is generated from it has not. Run: ./bazel run //:format".format(src),
            file1 = base + ending,
            file2 = "{}/{}{}".format(folder, base, ending),
            tags = tags,
        )
    if mutations:
        native_test(
            name = name + "_mutations_test",
            size = "small",
            src = "//operators/sextant",
            out = name + "_mutations_test_program",
            args = ["mutate", "--root=.", "$(rootpath {})".format(src)],
            data = [src],
            tags = tags,
        )
