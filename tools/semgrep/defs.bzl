"""Scans with the rules of this repository."""

load("@rules_semgrep//:defs.bzl", "semgrep_manifest_test")

def manifest_semgrep_test(name, manifests, tags = []):
    """A scan of rendered manifests; one of the `checks` of argocd_app.

    Args:
      name: the test
      manifests: the rendered manifests
      tags: as everywhere
    """
    semgrep_manifest_test(
        name = name,
        # Images of others are named by the version that their projects publish; a digest is of one registry's copy.
        exclude_rules = ["k8s-image-without-digest"],
        manifests = manifests,
        rules = ["//tools/semgrep/rules:yaml"],
        tags = tags,
    )
