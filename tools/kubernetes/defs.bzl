"""Checks of manifests against this repository's Kubernetes."""

load("@rules_helm//:defs.bzl", _manifest_test = "manifest_test")
load("//tools/kubernetes/private:dry_run_test.bzl", _dry_run_test = "dry_run_test")

dry_run_test = _dry_run_test

def manifest_test(name, manifests, allow = {}, tags = [], size = "small", **kwargs):
    """manifest_test of rules_helm with the schemas of the vendored kube-apiserver and of `crds/`. Can be one of the `checks` of argocd_app.

    Args:
      name: the test
      manifests: a label of files or of a folder, or a list of them: what is applied together
      allow: findings of hardening that are allowed, with the reason; see rules_helm
      tags: as everywhere
      size: Bazel's test size
      **kwargs: further attributes of the rule
    """
    _manifest_test(
        name = name,
        size = size,
        allow = allow,
        manifests = manifests if type(manifests) == "list" else [manifests],
        schemas = ["//tools/kubernetes:schemas"],
        tags = tags,
        **kwargs
    )
