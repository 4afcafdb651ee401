"""How scans end: each case is a test of one kind, and a test of what that says."""

load("//:defs.bzl", "semgrep_rules_test", "semgrep_test")
load(":said.bzl", "said_test")

# name -> attributes of the scan, then status, expect and refuse.
_SCANS = {
    # What it finds.
    "fine": (dict(), 0, ["0 findings; 1 rule on 1 file"], []),
    "eval": (dict(srcs = ["sources/eval.ts"]), 1, [
        "sources/eval.ts:1:22: error: no-eval\n  eval runs whatever it is given, with all rights of the program, and what it is given often comes from",
        "  1 | const text = \"é€😀\"; eval(text);\n    |                      ^^^^^^^^^^\n",
        "sources/eval.ts:2:12: error: no-eval",
        "  2 | \tif (text) eval(\n    | \t          ^^^^^\n  3 | \t\ttext,\n  4 | \t);\n",
        "a comment on its line or above: nosemgrep: no-eval -- <reason>",
        "2 findings; 1 rule on 1 file",
    ], ["baseline"]),
    "fix": (dict(rules = ["rules/no-console.yaml"], srcs = ["sources/eval.ts"]), 1, [
        "sources/eval.ts:5:1: warning: no-console\n  Log text with the logger.",
        "  fix: log.info(text)",
    ], []),
    "taint": (dict(rules = ["rules/taint.yaml"], srcs = ["sources/taint.ts"]), 1, [
        "sources/taint.ts:3:1: critical: tainted-eval",
        "note: the value comes from line 1: input()",
    ], []),
    "fail_on": (dict(fail_on = "ERROR", rules = ["rules/no-console.yaml"], srcs = ["sources/eval.ts"]), 0, [
        "no-console (does not fail the test)",
        "1 finding (1 below fail_on = ERROR)",
    ], ["<reason>"]),
    "severities": (dict(rules = ["rules/no-eval.yaml", "rules/no-console.yaml"], severities = ["WARNING"], srcs = ["sources/eval.ts"]), 1, [
        "no-console",
        "1 finding; 1 rule on 1 file",
    ], ["no-eval"]),
    "excluded": (dict(exclude_rules = ["no-eval"], rules = ["rules/no-eval.yaml", "rules/no-console.yaml"], srcs = ["sources/eval.ts"]), 1, [
        "no-console",
    ], ["no-eval"]),
    "folder": (dict(rules = ["rules/privileged.yaml"], srcs = [":rendered"]), 1, [
        "tests/rendered/apps/pod.yaml:2:1: error: privileged",
        "1 rule on 2 files",
    ], []),
    # nosemgrep and baselines.
    "silenced": (dict(srcs = ["sources/silenced.ts"], verbose = True), 0, ["no-eval (silenced)", "0 findings, 3 silenced"], []),
    "stale": (dict(srcs = ["sources/stale.ts"]), 1, [
        "sources/stale.ts:1:1: warning: stale-nosemgrep\n  This comment does not silence no-eval here any more",
        "sources/stale.ts:4:18: warning: stale-nosemgrep\n  This comment does not silence anything here any more",
        "2 findings",
    ], ["stale.ts:3"]),
    "stale_off": (dict(srcs = ["sources/stale.ts"], stale_nosemgrep = False), 0, ["0 findings"], []),
    "known": (dict(baseline = "baselines/eval.json", srcs = ["sources/eval.ts"]), 0, ["0 findings, 2 known"], []),
    "new": (dict(baseline = "baselines/one.json", srcs = ["sources/eval.ts"]), 1, [
        "sources/eval.ts:2:12: error: no-eval",
        "To hold the line at what is there now: bazel run @",
        "//tests:case_new_scan.update_baseline",
        "1 finding, 1 known",
    ], ["eval.ts:1"]),
    "gone": (dict(baseline = "baselines/eval.json"), 0, [
        "The baseline knows what is there no more; bazel run",
        "  tests/sources/eval.ts: no-eval: if (text) eval(",
    ], []),
    "baseline_version": (dict(baseline = "baselines/version.json"), 1, ["tests/baselines/version.json: expected \"version\": 1, found 7"], []),
    "baseline_truncated": (dict(baseline = "baselines/truncated.json"), 1, ["tests/baselines/truncated.json: it is not JSON"], []),
    # Sources that nothing can be said of.
    "partial": (dict(srcs = ["sources/partial.ts"]), 2, [
        "tests/sources/partial.ts:2: fault: source parses only in part",
        "`3 =` was unexpected",
        "1 finding, 1 fault",
    ], []),
    "syntax": (dict(rules = ["rules/privileged.yaml"], srcs = ["sources/broken.yaml"]), 2, ["tests/sources/broken.yaml:1: fault: source does not parse"], []),
    "timeout": (dict(rule_timeout = 1, rules = ["rules/slow.yaml"], srcs = [":many"]), 2, [
        "tests/many.ts:1: fault: rule ran out of time [slow]",
        "raise rule_timeout",
    ], []),
    "memory": (dict(max_memory = 40, rules = ["rules/slow.yaml"], srcs = [":many"]), 2, ["tests/many.ts:1: fault: engine ran out of memory", "raise max_memory"], []),
    "large": (dict(max_file_bytes = 20, srcs = ["sources/fine.ts", "closure/own.ts"]), 2, [
        "tests/sources/fine.ts: fault: source is too large",
        "it has 26 bytes, and max_file_bytes is 20",
        "1 rule on 1 file",
    ], []),
    "nothing": (dict(srcs = ["sources/words.md"]), 1, ["nothing was scanned", "tests/sources/words.md", "it would pass whatever they hold"], []),
    "aside": (dict(srcs = ["sources/fine.ts", "sources/words.md"], verbose = True), 0, [
        "tests/sources/words.md: not scanned: no rule speaks of it",
        "no rule for 1 other",
    ], []),
    "elsewhere": (dict(rules = ["rules/elsewhere.yaml"], srcs = ["sources/eval.ts"]), 0, ["0 findings; 1 rule on 1 file"], []),
    "empty_folder": (dict(srcs = [":nothing_rendered", "sources/fine.ts"]), 2, ["tests/nothing_rendered: fault: source was not scanned"], []),
    # Rules that cannot be run.
    "exclude_unknown": (dict(exclude_rules = ["no-such"]), 1, ["exclude_rules names what is not in rules", "no rule no-such among the 1 rules"], []),
    "pattern": (dict(rules = ["rejected/pattern.yaml"]), 2, ["tests/rejected/pattern.yaml:6: fault: rule does not parse [bad-pattern]", "Invalid pattern for TypeScript"], []),
    "misspelt": (dict(rules = ["rejected/misspelt.yaml"]), 2, ["fault: rule has an unknown key [misspelt]", "does not know `path`"], []),
    "version": (dict(rules = ["rejected/version.yaml"]), 2, ["tests/rejected/version.yaml:6: fault: rule is for another version of semgrep [from-the-future]", "at least 99.0.0"], []),
    "join": (dict(rules = ["rejected/join.yaml"]), 1, ["tests/rejected/join.yaml:2: rule joined: mode: join is not done by semgrep-core"], []),
    "extract": (dict(rules = ["rejected/extract.yaml"]), 1, ["tests/rejected/extract.yaml:2: rule extracted: mode: extract is not done by semgrep-core"], []),
    "dependency": (dict(rules = ["rejected/dependency.yaml"]), 1, ["tests/rejected/dependency.yaml:2: rule advisory: r2c-internal-project-depends-on is done by semgrep's Python program"], []),
    "validators": (dict(rules = ["rejected/validators.yaml"]), 1, ["tests/rejected/validators.yaml:2: rule validated: validators ask servers"], []),
    "language": (dict(rules = ["rejected/language.yaml"]), 1, ["tests/rejected/language.yaml:2: rule klingon: language klingon is not scanned"], []),
    "severity": (dict(rules = ["rejected/severity.yaml"]), 1, ["tests/rejected/severity.yaml:2: rule severe: expected a severity"], []),
    "yaml": (dict(rules = ["rejected/yaml.yaml"]), 1, ["tests/rejected/yaml.yaml:4: "], []),
    "empty": (dict(rules = ["rejected/empty.yaml"]), 1, ["tests/rejected/empty.yaml: expected a list `rules` with at least one rule"], []),
    "fixture": (dict(rules = ["rejected/fixture.yaml"]), 1, ["tests/rejected/fixture.yaml: expected a list `rules`", "Is this a fixture?"], []),
    "twice": (dict(rules = ["rules/no-eval.yaml", "rejected/twice.yaml"]), 1, ["tests/rejected/twice.yaml:2: rule no-eval: there is already a rule of this id, tests/rules/no-eval.yaml:2"], []),
}

_RULES = {
    "agree": (0, ["2 rules agree with their fixtures"]),
    "disagree": (1, [
        "1 of 1 rules do not find what their fixtures say",
        "  tests/fixtures/disagree/no-eval.ts:2: no-eval: expected none, there is a finding",
        "    expected lines: 4, 6\n    reported lines: 2, 4",
    ]),
    "bare": (1, ["rules without a fixture", "tests/fixtures/bare/no-eval.yaml"]),
    "orphan": (1, ["fixtures without a rule", "tests/fixtures/orphan/other.ts"]),
    "unproved": (1, ["rules whose fixtures expect no finding", "tests/fixtures/unproved/no-eval.yaml: no-eval"]),
    "syntax": (1, ["rules and fixtures do not parse", "tests/fixtures/syntax/no-eval.ts:3: source parses only in part"]),
}

# A refusal leaves nothing.
_REFUSED = [
    "baseline_truncated",
    "baseline_version",
    "dependency",
    "empty",
    "exclude_unknown",
    "extract",
    "fixture",
    "join",
    "language",
    "nothing",
    "severity",
    "twice",
    "validators",
    "yaml",
]

_OUTPUTS = {
    "semgrep.json": ["\"label\"", "\"findings\""],
    "semgrep.sarif": ["\"version\": \"2.1.0\"", "\"executionSuccessful\""],
    "semgrep.txt": ["rule"],
}

def cases(name):
    """Declares the scans (manual), and a test of each.

    Args:
      name: what all names begin with
    """
    for kind, (attrs, status, expect, refuse) in _SCANS.items():
        scan = "{}_{}_scan".format(name, kind)

        # "manual": a test beside it runs it and reads what it says.
        semgrep_test(
            name = scan,
            tags = ["manual"],
            **({"rules": ["rules/no-eval.yaml"], "srcs": ["sources/fine.ts"]} | attrs)
        )
        said_test(
            name = "{}_{}_test".format(name, kind),
            size = "small",
            expect = expect,
            outputs = {} if kind in _REFUSED else _OUTPUTS,
            refuse = refuse,
            status = status,
            test = scan,
        )
    for kind, (status, expect) in _RULES.items():
        folder = "fixtures/{}/".format(kind)
        rules = native.glob([folder + "*.yaml"], exclude = ["**/*.test.yaml"])
        semgrep_rules_test(
            name = "{}_{}_rules".format(name, kind),
            fixtures = native.glob([folder + "*"], exclude = rules, allow_empty = True),
            rules = rules,
            tags = ["manual"],
        )
        said_test(
            name = "{}_{}_rules_test".format(name, kind),
            size = "small",
            expect = expect,
            status = status,
            test = "{}_{}_rules".format(name, kind),
        )
