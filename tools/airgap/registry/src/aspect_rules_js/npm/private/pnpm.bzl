"""The repository behind the pnpm extension."""

_BUILD = """\
genrule(
    name = "pnpm",
    outs = ["pnpm.sh"],
    cmd = "echo 'pnpm.pnpm of the airgap stand-in for aspect_rules_js 3.4.1 offers no program: run npx pnpm' >&2; exit 1",
    tags = ["manual"],
    visibility = ["//visibility:public"],
)
"""

def _pnpm_repository_impl(rctx):
    rctx.file("BUILD.bazel", _BUILD)

pnpm_repository = repository_rule(
    implementation = _pnpm_repository_impl,
    doc = "A target that says, when it is built, that there is no pnpm here.",
)
