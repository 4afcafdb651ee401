"""What the rules share: the toolchain, names of labels, and validation of attributes."""

TOOLCHAIN = "@rules_helm//:toolchain_type"

# The Kubernetes that charts are rendered for when a target does not say: a constant, so that a new helm does not change manifests.
KUBE_VERSION = "1.36.3"

def helm_of(ctx):
    """The toolchain's helm and its files."""
    return ctx.toolchains[TOOLCHAIN]

def name_of(label):
    """A label as one writes it on the command line."""
    text = str(label)
    return text.removeprefix("@@") if text.startswith("@@//") else text

def check(ctx, attribute, ok, expected, received):
    """Fails with the attribute, what it must be and what it was."""
    if not ok:
        fail("{}: {}: expected {}, received {}".format(ctx.label, attribute, expected, repr(received)))
