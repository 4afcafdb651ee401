"""What the rules of applications say of attributes that cannot be right."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//:defs.bzl", "argocd_app", "helm_coverage_test")

def _refused_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, ctx.attr.message)
    return analysistest.end(env)

_refused_test = analysistest.make(_refused_impl, attrs = {"message": attr.string()}, expect_failure = True)

def _app(name, **attributes):
    # Meant to fail, so "manual": a test beside it runs it and reads what it says.
    argocd_app(
        name = name,
        chart = ":api",
        namespace = "api",
        repo_url = "https://git.example/homelab.git",
        tags = ["manual"],
        **attributes
    )

def validation_tests(name):
    """A target for each wrong attribute (manual) and a test of its message.

    Args:
      name: what all names begin with
    """
    _app(name + "_repository", chart_repository = "oci://registry.example/charts")
    native.genrule(
        name = name + "_written",
        outs = [name + "_written.yaml"],
        cmd = "echo replicas: 2 > $@",
        tags = ["manual"],
    )
    _app(name + "_values", source = "chart", values = [name + "_written.yaml"])
    helm_coverage_test(
        name = name + "_reason",
        tags = ["manual"],
        template = ":production",
        unread = {"image.tag": " "},
    )
    for target, message in {
        "repository": "chart_repository: expected none with source = \"manifests\": Argo CD sees no chart then, received \"oci://",
        "values": "values: expected files of this repository, since Argo CD reads them from git, received ",
        "reason": "unread: expected a reason for image.tag, received \" \"",
    }.items():
        _refused_test(
            name = "{}_{}_test".format(name, target),
            message = message,
            target_under_test = "{}_{}".format(name, target),
        )
