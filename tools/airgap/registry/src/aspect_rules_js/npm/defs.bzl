"""Rules for npm packages of this workspace."""

load("//npm/private:npm_package.bzl", _npm_package = "npm_package")
load("//private:unsupported.bzl", "unsupported")

npm_package = _npm_package

def npm_link_package(name, **_kwargs):
    """Refused: npm_link_all_packages links what package.json names.

    Args:
      name: the target
      **_kwargs: ignored
    """
    unsupported("npm_link_package", "any attribute", "name the package of {} in package.json as workspace:*".format(name))

def stamped_package_json(name, **_kwargs):
    """Refused: nothing is published to npm.

    Args:
      name: the target
      **_kwargs: ignored
    """
    unsupported("stamped_package_json", "any attribute", "write the version of {} into package.json".format(name))
