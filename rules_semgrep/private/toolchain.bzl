"""What the rules share: the toolchain, names of labels, and validation of attributes."""

TOOLCHAIN = "@rules_semgrep//:toolchain_type"

def semgrep_of(ctx):
    """The toolchain's engine.

    Args:
      ctx: the rule's context
    Returns:
      a struct: path and short_path of semgrep-core, files, version
    """
    return ctx.toolchains[TOOLCHAIN]

def name_of(label):
    """A label as one writes it on the command line.

    Args:
      label: a Label
    Returns:
      a string
    """
    text = str(label)
    return text.removeprefix("@@") if text.startswith("@@//") else text

def check(ctx, attribute, ok, expected, received):
    """Fails with the attribute, what it must be and what it was.

    Args:
      ctx: the rule's context
      attribute: its name
      ok: whether it is as it must be
      expected: what it must be
      received: what it was
    """
    if not ok:
        fail("{}: {}: expected {}, received {}".format(ctx.label, attribute, expected, repr(received)))
