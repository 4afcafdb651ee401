"""Charts that are broken in one way each, and what is said of them."""

load("//:defs.bzl", "helm_chart", "helm_determinism_test", "helm_lint_test", "helm_template", "helm_template_test")
load(":refusal.bzl", "refusal_test")

_RENDERED = {
    "helper": [
        "helper/templates/_owner.tpl:2: {{ .Values.owner.mail.address }}",
        ".Values.owner.mail is set by none of helper/values.yaml (.Values.owner is a mapping or a sequence, from helper/values.yaml:2)",
    ],
    "indent": ["indent/templates/map.yaml, rendered line 5:  labels: {}", "YAML parse error"],
    "keys": ["keys/templates/keys.yaml, line 10 of the output: Map keys must be unique", "keep one of the two"],
    "schema": ["at '/size': got string, want integer", ".Values.size is \"large\", from schema/values.yaml:1"],
    "syntax": [
        "broken_syntax.tgz",
        "syntax/templates/owner.yaml:4: name: {{ .Values.owner.name | upper }}",
        "nil pointer evaluating interface {}.name",
        ".Values.owner.name is set by none of syntax/values.yaml (.Values.owner is null, from syntax/values.yaml:1)",
    ],
    "text": ["text/crds/text.yaml, line 2 of the output", "expected a Kubernetes resource", "received the string \"just text\""],
    "twice": ["twice/templates/same.yaml, line", "there is already a ConfigMap same, twice/templates/same.yaml, line"],
}

_UNSTABLE = {
    "random": ["random/templates/password.yaml:6: randAlphaNum"],
    "lookup": ["lookup/templates/secret.yaml:6: lookup"],
    "tpl": ["two renderings of one chart with the same values differ", "+  text: \"20"],
}

def _chart(name, kind):
    helm_chart(
        name = name + "_" + kind,
        chart = "broken/{}/Chart.yaml".format(kind),
        lint = False,
        tags = ["manual"],
    )
    helm_template(
        name = "{}_{}_rendered".format(name, kind),
        chart = name + "_" + kind,
        namespace = "default",
        release_name = kind,
        tags = ["manual"],
    )

def broken_charts(name):
    """Declares the charts, what is made of them (manual), and a test for each.

    Args:
      name: what all names begin with
    """
    for kind, expect in _RENDERED.items():
        _chart(name, kind)
        refusal_test(
            name = "{}_{}_test".format(name, kind),
            size = "small",
            expect = expect,
            template = "{}_{}_rendered".format(name, kind),
        )
    for kind, expect in _UNSTABLE.items():
        _chart(name, kind)
        helm_determinism_test(
            name = "{}_{}_determinism".format(name, kind),
            tags = ["manual"],
            template = "{}_{}_rendered".format(name, kind),
        )
        refusal_test(
            name = "{}_{}_test".format(name, kind),
            size = "small",
            expect = expect,
            test = "{}_{}_determinism".format(name, kind),
        )
    refusal_test(
        name = name + "_needs_test",
        size = "small",
        chart = native.glob(["broken/needs/**"]),
        expect = ["tests/broken/needs/Chart.yaml:6: depends on absent, which is not in deps", "Add the helm_chart of each to deps"],
    )
    helm_template(
        name = name + "_values",
        chart = ":hello",
        namespace = "greetings",
        release_name = "hi",
        tags = ["manual"],
        values = ["wrong.yaml"],
    )
    refusal_test(
        name = name + "_values_test",
        size = "small",
        expect = ["hello.tgz", "tests/wrong.yaml", "got string, want integer", ".Values.replicas is \"several\", from", "tests/wrong.yaml:1"],
        template = name + "_values",
    )
    helm_lint_test(
        name = name + "_lint",
        chart = ":hello",
        tags = ["manual"],
        values = ["wrong.yaml"],
    )
    refusal_test(
        name = name + "_lint_test",
        size = "small",
        expect = ["found faults in the chart", "hello/Chart.yaml", "tests/wrong.yaml", "got string, want integer"],
        test = name + "_lint",
    )
    helm_template_test(
        name = name + "_stale",
        golden = ["stale.golden.yaml"],
        tags = ["manual"],
        template = ":plain",
    )
    refusal_test(
        name = name + "_stale_test",
        size = "small",
        expect = ["is not what the chart renders to", "+kind: Deployment", "bazel run "],
        test = name + "_stale",
    )
