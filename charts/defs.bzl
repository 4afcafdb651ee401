"""Applications of this repository: what all of them have in common."""

load("@rules_helm//:defs.bzl", _argocd_app = "argocd_app")
load("//tools/kubernetes:defs.bzl", "manifest_test")
load("//tools/semgrep:defs.bzl", "manifest_semgrep_test")

# Where Argo CD reads this repository. A fork writes its own address here.
REPOSITORY = "https://git.example.org/homelab.git"

# What the manifests of each application are tested for, beside determinism and values that no template reads.
CHECKS = {
    "manifest_test": manifest_test,
    "semgrep_test": manifest_semgrep_test,
}

def argocd_app(name, repo_url = REPOSITORY, checks = CHECKS, **kwargs):
    """argocd_app of rules_helm, read from this repository, with its checks.

    Args:
      name: the overlay
      repo_url: where Argo CD reads this repository
      checks: suffix -> macro; more of them: `CHECKS | {...}`
      **kwargs: as in rules_helm
    """
    _argocd_app(
        name = name,
        checks = checks,
        repo_url = repo_url,
        **kwargs
    )
