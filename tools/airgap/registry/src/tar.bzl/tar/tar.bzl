"""Stand-in for tar.bzl: the module resolves, its rules refuse. Archives here are made by rules_pkg."""

def tar(name, **_kwargs):
    """Fails: use pkg_tar of rules_pkg, which builds in both lanes.

    Args:
      name: the target's name, for the message
      **_kwargs: whatever the real rule takes
    """
    fail("tar(name = \"{}\"): the airgap stand-in for tar.bzl 0.10.5 has no tar rule; use pkg_tar from @rules_pkg//pkg:tar.bzl".format(name))
