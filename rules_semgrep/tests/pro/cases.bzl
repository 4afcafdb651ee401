"""Scans with the Pro engine: with a fake one, without one, and where one is required. Each is a test, and a test of what that says."""

load("//:defs.bzl", "semgrep_test")
load("//private:toolchain.bzl", "TOOLCHAIN", "semgrep_of")
load("//pro:toolchain.bzl", "PRO_TOOLCHAIN", "semgrep_pro_toolchain")
load("//tests:said.bzl", "said_test")
load(":under.bzl", "under")

def _fake_toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(absent = "", binary = ctx.file.binary, version = semgrep_of(ctx).version)]

fake_toolchain = rule(
    _fake_toolchain_impl,
    doc = "A Pro engine for whatever semgrep-core there is.",
    attrs = {"binary": attr.label(allow_single_file = True, mandatory = True)},
    toolchains = [TOOLCHAIN],
)

_ABSENT = "SEMGREP_APP_TOKEN is not set in the environment of Bazel"
_EVAL = [":no-eval.yaml"]
_FLAGS = [":flags.yaml"]
_SKIP = dict(pro = "intrafile", rules = _EVAL)

# name -> attributes of the scan, whether the fake engine is there, whether the flag requires one, status, expect, outputs.
_CASES = {
    "intrafile": (dict(pro = "intrafile", rules = _EVAL), True, False, 1, ["tests/pro/sources/one.ts:1:1: error: no-eval", "1 finding"], {}),
    "interfile": (dict(pro = "interfile", rules = _EVAL), True, True, 1, ["tests/pro/sources/one.ts:1:1: error: no-eval", "1 finding"], {}),
    "intrafile_flags": (dict(pro = "intrafile", rules = _FLAGS), True, False, 2, ["flags: -pro_intra_file"], {}),
    "interfile_flags": (dict(pro = "interfile", interfile_timeout = 60, rules = _FLAGS), True, False, 2, [
        "flags: -pro_inter_file -timeout_for_interfile_analysis 60\n  with ./tests/pro/sources/one.ts ./tests/pro/sources/two.ts\n",
    ], {}),
    "skipped": (_SKIP, False, False, 0, ["SKIPPED: ", "//tests/pro:pro_skipped_scan: nothing was scanned, it needs the Pro engine: " + _ABSENT], {
        "semgrep.txt": ["SKIPPED: "],
        "test.xml": ["skipped=\"1\"", "<skipped message=\"SKIPPED: "],
    }),
    "required_by_attribute": (_SKIP | dict(require_pro = True), False, False, 1, ["the Pro engine is required and there is none", "Why: " + _ABSENT], {}),
    "required_by_flag": (_SKIP, False, True, 1, ["the Pro engine is required and there is none"], {}),
    "not_asked_for": (dict(rules = _EVAL), False, True, 1, ["1 finding"], {}),
}

def cases(name):
    """Declares the toolchains, the scans (manual), and a test of each.

    Args:
      name: what all names begin with
    """
    fake_toolchain(name = name + "_fake", binary = "fake.sh", tags = ["manual"])
    semgrep_pro_toolchain(name = name + "_absent", absent = _ABSENT, tags = ["manual"], version = "0.0.0")
    for kind in ["fake", "absent"]:
        native.toolchain(
            name = "{}_{}_toolchain".format(name, kind),
            tags = ["manual"],
            toolchain = ":{}_{}".format(name, kind),
            toolchain_type = PRO_TOOLCHAIN,
        )
    for kind, (attrs, there, required, status, expect, outputs) in _CASES.items():
        scan = "{}_{}_scan".format(name, kind)
        semgrep_test(name = scan, srcs = native.glob(["sources/*.ts"]), tags = ["manual"], **attrs)
        under(
            name = scan + "_under",
            testonly = True,
            actual = scan,
            require_pro = required,
            tags = ["manual"],
            toolchain = str(Label("//tests/pro:{}_{}_toolchain".format(name, "fake" if there else "absent"))),
        )
        said_test(
            name = "{}_{}_test".format(name, kind),
            size = "small",
            expect = expect,
            outputs = outputs,
            refuse = ["0 findings;"],
            status = status,
            test = scan + "_under",
        )
