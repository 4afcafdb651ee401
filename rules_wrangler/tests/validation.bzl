"""What the rules say of attributes that cannot be right, and of what the targets consist of."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//:defs.bzl", "WranglerSiteInfo", "wrangler_worker")

def _refused_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, ctx.attr.message)
    return analysistest.end(env)

_refused_test = analysistest.make(_refused_impl, attrs = {"message": attr.string()}, expect_failure = True)

def _actions_impl(ctx):
    env = analysistest.begin(ctx)
    found = sorted([action.mnemonic for action in analysistest.target_actions(env)])
    asserts.equals(env, sorted(ctx.attr.mnemonics), found)
    site = analysistest.target_under_test(env)[WranglerSiteInfo]
    asserts.equals(env, ctx.attr.manifest, site.manifest.basename)
    return analysistest.end(env)

_actions_test = analysistest.make(_actions_impl, attrs = {
    "manifest": attr.string(),
    "mnemonics": attr.string_list(),
})

def _environment_impl(ctx):
    env = analysistest.begin(ctx)
    for action in analysistest.target_actions(env):
        names = [name for name in (action.env or {}) if name.startswith("CLOUDFLARE") or name.startswith("CF_")]
        asserts.equals(env, [], names)
    return analysistest.end(env)

_environment_test = analysistest.make(_environment_impl)

def validation_tests(name):
    """A target for each wrong attribute (manual) and a test of its message; tests of actions.

    Args:
      name: what all names begin with
    """
    for wrong, attributes in {
        "branch": {"production_branch": ""},
        "config": {"config": "_redirects"},
        "site": {"site": "_redirects"},
    }.items():
        # Meant to fail, so "manual": a test beside it runs it and reads what it says.
        wrangler_worker(
            name = "{}_{}".format(name, wrong),
            tags = ["manual"],
            **({"site": ":dist"} | attributes)
        )
    for target, message in {
        "branch": "production_branch: expected the name of a branch, received \"\"",
        "config.manifest": "config: expected wrangler.jsonc, wrangler.json or wrangler.toml, received \"_redirects\"",
        "site.manifest": "site: expected a target that makes one folder, received [\"",
    }.items():
        _refused_test(
            name = "{}_{}_test".format(name, target.replace(".", "_")),
            message = message,
            target_under_test = "{}_{}".format(name, target),
        )
    _actions_test(
        name = name + "_staged_test",
        manifest = "worker.manifest.json",
        mnemonics = ["WranglerCheck", "WranglerStage"],
        target_under_test = ":worker.manifest",
    )
    _environment_test(
        name = name + "_no_credentials_test",
        target_under_test = ":worker.manifest",
    )
