"""js_image_layer."""

load(":js_helpers.bzl", "unsupported")

def js_image_layer(name, **_kwargs):
    """Refused.

    Args:
      name: the target
      **_kwargs: ignored
    """
    unsupported("js_image_layer", "any attribute", "make the layers of {} with rules_pkg's pkg_tar".format(name))
