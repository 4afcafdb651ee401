"""semgrep_sarif: the findings of many tests in one file."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_action")
load(":scan.bzl", "SemgrepScanInfo")

SemgrepReportsInfo = provider(
    "Reports that were merged, for a merge above.",
    fields = {"reports": "depset of Files"},
)

def _semgrep_sarif_impl(ctx):
    reports = depset(
        [test[SemgrepScanInfo].report for test in ctx.attr.tests if SemgrepScanInfo in test],
        transitive = [test[SemgrepReportsInfo].reports for test in ctx.attr.tests if SemgrepReportsInfo in test],
        order = "preorder",
    )
    out = ctx.actions.declare_file(ctx.label.name + ".sarif")
    engine_action(
        ctx,
        command = "sarif",
        inputs = reports,
        mnemonic = "SemgrepSarif",
        outputs = [out],
        params = {"out": out.path, "reports": [file.path for file in reports.to_list()]},
        progress_message = "Merging findings into %{label}",
    )
    return [DefaultInfo(files = depset([out])), SemgrepReportsInfo(reports = reports)]

semgrep_sarif = rule(
    _semgrep_sarif_impl,
    doc = "Merges reports into one SARIF file. See semgrep_sarif in defs.bzl.",
    attrs = ENGINE | {
        "tests": attr.label_list(
            doc = "semgrep_test, semgrep_manifest_test, semgrep_target_test and semgrep_sarif targets.",
            mandatory = True,
            providers = [[SemgrepScanInfo], [SemgrepReportsInfo]],
        ),
    },
    toolchains = TOOLCHAINS,
)
