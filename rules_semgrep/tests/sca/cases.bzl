"""How checks of dependencies end: each case is a test, and a test of what it says."""

load("//:defs.bzl", "semgrep_sca_test")
load("//tests:said.bzl", "said_test")

_QUERY = "advisories/query.json"
_TEMPLATES = "advisories/templates.yaml"

# name -> attributes of the check, then status, expect and refuse.
_CASES = {
    "unaffected": (dict(target = ":unrelated"), 0, ["0 findings; 1 package of tests/sca/pnpm-lock.yaml\n"], [" file"]),
    "transitive": (dict(target = ":querying"), 1, [
        "tests/sca/pnpm-lock.yaml:57:3: warning: TEST-2026-0001\n  query 6.7.0 is affected: query runs out of memory on nested keys\n",
        "  57 |   query@6.7.0: {}\n",
        "  note: also known as CVE-2026-0001\n",
        "  note: advisory: tests/sca/advisories/query.json\n",
        "  note: through framework 4.17.1 → query 6.7.0\n",
        "  note: calls: not analysed: the advisory has no pattern\n",
        "  note: fixed in 6.7.3\n",
        "  note: update: pnpm --recursive update --depth Infinity query\n",
        "right as it is, for an advisory: exclude_advisories = {\"TEST-2026-0001\": \"<reason>\"}",
        "1 finding; 3 packages of tests/sca/pnpm-lock.yaml",
    ], ["nosemgrep", "6.9.0"]),
    "alias_unaffected": (dict(target = ":renaming"), 0, ["0 findings; 1 package of"], []),
    "patched": (dict(advisories = ["advisories/patched.json"], target = ":patching"), 1, [
        "critical: TEST-2026-0003\n  patched 1.0.0 is affected",
        "note: it is patched in this repository: does the patch mend this?",
        "note: no version without it is known",
        "note: a direct dependency",
    ], []),
    "git": (dict(advisories = [_TEMPLATES], target = ":taking_sources"), 1, [
        "error: templates-injection\n  sources 3.0.0 cannot be compared: it comes from https://git.invalid/sources.git#0123abc.",
        "note: calls: no call found in 1 source\n",
        "note: is it one that the advisory means? If not, exclude the advisory and say why\n",
    ], ["fixed in"]),
    "fault": (dict(advisories = [_TEMPLATES], target = ":faulty"), 2, [
        "tests/sca/app/broken.ts:2: fault: source parses only in part",
        "templates-injection",
        "1 finding, 1 fault;",
    ], []),
    "pom": (dict(lockfiles = ["pom.xml"]), 0, [
        "note: tests/sca/pom.xml: a POM names what the project asks for itself, not what that brings along\n",
        "0 findings; 1 package of tests/sca/pom.xml",
    ], []),
    "unnamed": (dict(lockfiles = [
        "pnpm-lock.yaml",
        "requirements.txt",
    ], target = ":unrelated"), 0, [
        "note: tests/sca/requirements.txt: nothing of it was found in the closure, so all of it is checked\n",
        "0 findings; 1 package of tests/sca/pnpm-lock.yaml, 1 package of tests/sca/requirements.txt",
    ], []),
    "reachable": (dict(advisories = [_TEMPLATES], target = ":calling"), 1, [
        "error: templates-injection\n  templates 2.0.0 is affected: compile runs code of the template.",
        "note: calls: reachable at tests/sca/app/calls.ts:3\n",
        "note: fixed in 2.1.0\n",
        "note: update: pnpm --recursive update templates@2.1.0\n",
    ], []),
    "unreachable": (dict(advisories = [_TEMPLATES], target = ":careful"), 1, [
        "error: templates-injection",
        "note: calls: no call found in 1 source\n",
    ], []),
    "unreachable_allowed": (dict(advisories = [_TEMPLATES], fail_unreachable = False, target = ":careful"), 0, [
        "note: templates-injection (does not fail the test)",
        "note: calls: no call found in 1 source\n",
    ], []),
    "no_source": (dict(advisories = [_TEMPLATES]), 1, ["calls: not analysed: no source is typescript"], []),
    "excluded": (dict(exclude_advisories = {"CVE-2026-0001": "Input is checked before."}, target = ":querying", verbose = True), 0, [
        "TEST-2026-0001 (silenced)",
        "note: excluded: Input is checked before.",
        "0 findings, 1 silenced;",
    ], []),
    "baseline": (dict(baseline = "known.json", target = ":querying"), 0, ["0 findings, 1 known; 3 packages"], ["TEST-2026-0001"]),
    "gone": (dict(baseline = "gone.json", target = ":unrelated"), 0, [
        "The baseline knows what is there no more; bazel run @@rules_semgrep~//tests/sca:gone_scan.update_baseline takes it out:",
        "TEST-2025-0001",
    ], []),
    "below": (dict(fail_on = "ERROR", target = ":querying"), 0, ["1 finding (1 below fail_on = ERROR)"], []),
    "whole": (dict(advisories = [_QUERY, _TEMPLATES, "advisories/patched.json", "advisories/withdrawn.json"]), 1, [
        "TEST-2026-0001",
        "TEST-2026-0003",
        "templates-injection",
        "4 findings; 8 packages of tests/sca/pnpm-lock.yaml",
    ], ["TEST-2026-0004"]),
}

def cases(name):
    """Declares the cases.

    Args:
      name: beginning of the tests' names
    """
    for case, (attributes, status, expect, refuse) in _CASES.items():
        # "manual": a test beside it runs it and reads what it says.
        semgrep_sca_test(
            name = case + "_scan",
            tags = ["manual"],
            **({"advisories": [_QUERY], "lockfiles": ["pnpm-lock.yaml"]} | attributes)
        )
        said_test(
            name = "{}_{}_test".format(name, case),
            size = "small",
            expect = expect,
            outputs = {"semgrep.sarif": ["\"version\": \"2.1.0\""]},
            refuse = refuse,
            status = status,
            test = ":{}_scan".format(case),
        )

def application(name, src, package):
    """A target with one source and one dependency.

    Args:
      name: the target
      src: the source
      package: the name of a link
    """
    native.filegroup(
        name = name,
        srcs = [src],
        data = [":node_modules/" + package],
    )
