"""The one message for what the stand-in does not do."""

def unsupported(rule, attribute, advice):
    """Fails.

    Args:
      rule: name of the rule or macro
      attribute: what was asked for
      advice: what to do instead
    """
    fail("{} of the airgap stand-in for aspect_rules_js 3.4.1 does not support {}: {}".format(rule, attribute, advice))
