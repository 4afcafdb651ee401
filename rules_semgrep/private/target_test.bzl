"""Scans of targets: the rules behind semgrep_target_test."""

load(":closure.bzl", "SemgrepClosureInfo", "first_party", "semgrep_closure")
load(":engine.bzl", "TOOLCHAINS")
load(":scan.bzl", "SCAN", "scan_test", "scan_update")
load(":toolchain.bzl", "check", "name_of")

_ATTRS = SCAN | {
    "target": attr.label(
        doc = "Its first-party sources are scanned, and those of all that it depends on.",
        mandatory = True,
        aspects = [semgrep_closure],
    ),
}

def _sources(ctx):
    found = first_party(ctx.attr.target[SemgrepClosureInfo], ctx.attr.target.label)
    check(ctx, "target", found, "a target with source files of its own repository in its closure", name_of(ctx.attr.target.label))
    return found

semgrep_closure_test = rule(
    lambda ctx: scan_test(ctx, _sources(ctx)),
    doc = "Scans what a target is made of. See semgrep_target_test.",
    attrs = _ATTRS,
    test = True,
    toolchains = TOOLCHAINS,
)

semgrep_closure_update = rule(
    lambda ctx: scan_update(ctx, _sources(ctx)),
    doc = "Writes the baseline of a semgrep_closure_test.",
    attrs = _ATTRS,
    executable = True,
    toolchains = TOOLCHAINS,
)
