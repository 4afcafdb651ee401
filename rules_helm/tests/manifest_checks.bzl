"""What manifest_test says of attributes that cannot be right."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//:defs.bzl", "manifest_test")

def _refused_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, ctx.attr.message)
    return analysistest.end(env)

_refused_test = analysistest.make(_refused_impl, attrs = {"message": attr.string()}, expect_failure = True)

def manifest_checks(name):
    """A target for each wrong attribute (manual) and a test of its message.

    Args:
      name: what all names begin with
    """
    native.filegroup(name = name + "_nothing", srcs = [])

    # Meant to fail, so "manual": a test beside it runs it and reads what it says.
    manifest_test(
        name = name + "_empty",
        kubeconform = "plain.golden.yaml",
        manifests = [name + "_nothing"],
        schemas = [name + "_nothing"],
        tags = ["manual"],
    )
    manifest_test(
        name = name + "_schemas",
        kubeconform = "plain.golden.yaml",
        manifests = ["plain.golden.yaml"],
        schemas = ["flow.golden.yaml"],
        tags = ["manual"],
    )
    for target, message in {
        "empty": "manifests: expected at least one file, received [",
        "schemas": "schemas: expected folders, such as kubernetes_schemas makes, received",
    }.items():
        _refused_test(
            name = "{}_{}_refused_test".format(name, target),
            message = message,
            target_under_test = "{}_{}".format(name, target),
        )
