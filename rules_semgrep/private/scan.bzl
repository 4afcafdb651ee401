"""What all scans have in common: attributes, parameters of the engine, and the report as an action."""

load("//pro:engine.bzl", "PRO", "pro_absent", "pro_folder", "pro_required")
load(":engine.bzl", "ENGINE", "engine_action", "engine_program")
load(":toolchain.bzl", "check", "name_of", "semgrep_of")

SemgrepScanInfo = provider(
    "A scan, for what merges scans.",
    fields = {"report": "File with the report as JSON; made only when something needs it"},
)

_SEVERITIES = ["INFO", "LOW", "WARNING", "MEDIUM", "ERROR", "HIGH", "CRITICAL"]

SCAN = ENGINE | PRO | {
    "rules": attr.label_list(
        doc = "Rule files of semgrep.",
        mandatory = True,
        allow_files = [".yaml", ".yml", ".json"],
    ),
    "exclude_rules": attr.string_list(doc = "Ids of rules that are left out. An id that none of `rules` has is an error."),
    "severities": attr.string_list(doc = "Only rules of these severities; default all."),
    "fail_on": attr.string(
        doc = "Findings at least this severe fail the test: INFO (the default), WARNING, ERROR or CRITICAL. The rest is reported.",
        default = "INFO",
        values = _SEVERITIES,
    ),
    "baseline": attr.label(
        doc = "Findings that are known and do not fail the test, in a file that `bazel run :<name>.update_baseline` writes.",
        allow_single_file = [".json"],
    ),
    "stale_nosemgrep": attr.bool(doc = "Whether a nosemgrep comment that silences nothing is a finding.", default = True),
    "rule_timeout": attr.int(doc = "Seconds for one rule on one file, of a machine that may be busy. A rule that takes longer fails the test.", default = 30),
    "max_memory": attr.int(doc = "MiB of memory for one rule on one file.", default = 2048),
    "max_file_bytes": attr.int(doc = "A larger source fails the test.", default = 1000000),
    "verbose": attr.bool(doc = "Whether known and silenced findings, and sources that no rule speaks of, are listed."),
}

def inputs_of(ctx, files, path):
    """Files as the engine takes them: where they are, and what they are called in the target's own repository.

    Args:
      ctx: the rule's context
      files: a list of Files
      path: function from a File to where it is
    Returns:
      a list of dicts: path, name
    """
    own = "../{}/".format(ctx.label.repo_name)
    return [{"name": file.short_path.removeprefix(own).removeprefix("../"), "path": path(file)} for file in files]

def scan_params(ctx, sources, short):
    """The parameters of a scan.

    Args:
      ctx: the context of a rule with the attributes SCAN
      sources: a list of Files
      short: whether paths are for the folder of the runfiles, or for an action
    Returns:
      a dict
    """
    path = _short if short else _long
    check(ctx, "severities", all([severity in _SEVERITIES for severity in ctx.attr.severities]), "some of " + ", ".join(_SEVERITIES), ctx.attr.severities)
    pro = pro_folder(ctx)
    return {
        "baseline": inputs_of(ctx, [ctx.file.baseline], path)[0] if ctx.file.baseline else None,
        "core": path(pro) + "/semgrep-core-proprietary" if pro else semgrep_of(ctx).short_path if short else semgrep_of(ctx).path,
        "excludeRules": ctx.attr.exclude_rules,
        "failOn": ctx.attr.fail_on,
        "label": name_of(ctx.label),
        "maxFileBytes": ctx.attr.max_file_bytes,
        "maxMemory": ctx.attr.max_memory,
        "pro": {"analysis": ctx.attr.pro, "timeout": ctx.attr.interfile_timeout} if pro else None,
        "ruleTimeout": ctx.attr.rule_timeout,
        "rules": inputs_of(ctx, ctx.files.rules, path),
        "severities": ctx.attr.severities,
        "sources": inputs_of(ctx, sources, path),
        "staleSilences": ctx.attr.stale_nosemgrep,
        "update": "bazel run {}.update_baseline".format(name_of(ctx.label)) if ctx.file.baseline else "",
        "verbose": ctx.attr.verbose,
    }

def scan_files(ctx, sources):
    """The Files that a scan reads.

    Args:
      ctx: the context of a rule with the attributes SCAN
      sources: a list of Files
    Returns:
      a list of Files
    """
    pro = pro_folder(ctx)
    return sources + ctx.files.rules + ([ctx.file.baseline] if ctx.file.baseline else []) + ([pro] if pro else [])

def scan_test(ctx, sources, dependencies = None, dependency_params = None):
    """The providers of a test that scans sources.

    Args:
      ctx: the context of a rule with the attributes SCAN
      sources: a list of Files
      dependencies: a SemgrepDependenciesInfo of what is checked beside them
      dependency_params: function from ctx, a SemgrepDependenciesInfo and a function from a File to its path, to what it adds to the parameters
    Returns:
      a list of providers
    """
    report = ctx.actions.declare_file(ctx.label.name + ".report.json")
    absent = pro_absent(ctx)
    if absent:
        return _skipped(ctx, report, absent)
    files = scan_files(ctx, sources) + ([dependencies.placed] if dependencies else [])
    more = lambda path: dependency_params(ctx, dependencies, path) if dependencies else {}
    engine_action(
        ctx,
        command = "report",
        inputs = files,
        mnemonic = "SemgrepReport",
        outputs = [report],
        params = scan_params(ctx, sources, short = False) | more(_long) | {"out": report.path},
        progress_message = "Scanning for %{label}",
    )
    return engine_program(ctx, command = "test", files = files, params = scan_params(ctx, sources, short = True) | more(_short)) + [
        SemgrepScanInfo(report = report),
        OutputGroupInfo(semgrep_report = depset([report])),
    ]

def scan_update(ctx, sources, dependencies = None, dependency_params = None):
    """The providers of a program that writes the baseline of a scan.

    Args:
      ctx: the context of a rule with the attributes SCAN
      sources: a list of Files
      dependencies: as for scan_test
      dependency_params: as for scan_test
    Returns:
      a list of providers
    """
    absent = pro_absent(ctx)
    if absent:
        return engine_program(ctx, command = "skip", files = [], params = {"absent": absent, "label": name_of(ctx.label), "required": True})
    check(ctx, "baseline", ctx.file.baseline and ctx.file.baseline.is_source, "a file of the repository", ctx.attr.baseline)
    params = scan_params(ctx, sources, short = True) | {
        "file": ctx.file.baseline.short_path,
        "update": "bazel run " + name_of(ctx.label),
    } | (dependency_params(ctx, dependencies, _short) if dependencies else {})
    files = scan_files(ctx, sources) + ([dependencies.placed] if dependencies else [])
    return engine_program(ctx, command = "update-baseline", files = files, params = params)

def _skipped(ctx, report, absent):
    # Nothing of a scan is in it, so that what comes of it says nothing of the scan that there is with the Pro engine.
    label = name_of(ctx.label)
    fault = {"advice": "See docs/pro.md.", "detail": "{} needs the Pro engine: {}".format(label, absent), "what": "scan was skipped"}
    ctx.actions.write(report, json.encode({
        "engine": semgrep_of(ctx).version,
        "faults": [fault],
        "findings": [],
        "gone": [],
        "label": label,
        "rules": [],
        "scanned": [],
        "unscanned": [],
    }))
    skip = engine_program(ctx, command = "skip", files = [], params = {"absent": absent, "label": label, "required": pro_required(ctx)})
    return skip + [SemgrepScanInfo(report = report), OutputGroupInfo(semgrep_report = depset([report]))]

def _short(file):
    return file.short_path

def _long(file):
    return file.path
