"""What the rules say of attributes that cannot be right: attribute, what it must be, what it was."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//:defs.bzl", "helm_push", "helm_template")

def _refused_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, ctx.attr.message)
    return analysistest.end(env)

_refused_test = analysistest.make(_refused_impl, attrs = {"message": attr.string()}, expect_failure = True)

def _template(name, **attributes):
    helm_template(
        name = name,
        tags = ["manual"],
        **({"chart": ":hello", "namespace": "n", "release_name": "r"} | attributes)
    )

def validation_tests(name):
    """A target for each wrong attribute (manual) and a test of its message.

    Args:
      name: what all names begin with
    """
    _template(name + "_kube", kube_version = "1.36")
    _template(name + "_order", order = "helm", split = True)
    _template(name + "_release", release_name = "r" * 54)
    _template(name + "_set", set = {"a=b": "c"})
    _template(name + "_api", api_versions = ["Deployment"])
    helm_push(
        name = name + "_push",
        chart = ":hello",
        repository = "registry.example.org/charts",
        tags = ["manual"],
    )
    for target, message in {
        "kube": "kube_version: expected MAJOR.MINOR.PATCH such as 1.36.3, received \"1.36\"",
        "order": "order: expected \"sorted\" where split is True, received \"helm\"",
        "release": "release_name: expected 1 to 53 characters, received \"rrr",
        "set": "set: expected keys of values such as \"image.tag\", received \"a=b\"",
        "api": "api_versions: expected GROUP/VERSION, GROUP/VERSION/KIND or a version, received \"Deployment\"",
        "push": "repository: expected oci://HOST/PATH, received \"registry.example.org/charts\"",
    }.items():
        _refused_test(
            name = "{}_{}_test".format(name, target),
            message = message,
            target_under_test = "{}_{}".format(name, target),
        )
