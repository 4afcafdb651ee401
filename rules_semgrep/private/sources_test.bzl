"""Scans of files: the rules behind semgrep_test and semgrep_manifest_test."""

load(":engine.bzl", "TOOLCHAINS")
load(":scan.bzl", "SCAN", "scan_test", "scan_update")
load(":toolchain.bzl", "check")

_ATTRS = SCAN | {
    "srcs": attr.label_list(doc = "What is scanned; folders with all that is in them.", mandatory = True, allow_files = True),
}

def _sources(ctx):
    check(ctx, "srcs", ctx.files.srcs, "at least one file", ctx.attr.srcs)
    return ctx.files.srcs

semgrep_sources_test = rule(
    lambda ctx: scan_test(ctx, _sources(ctx)),
    doc = "Scans files. See semgrep_test.",
    attrs = _ATTRS,
    test = True,
    toolchains = TOOLCHAINS,
)

semgrep_sources_update = rule(
    lambda ctx: scan_update(ctx, _sources(ctx)),
    doc = "Writes the baseline of a semgrep_sources_test.",
    attrs = _ATTRS,
    executable = True,
    toolchains = TOOLCHAINS,
)
