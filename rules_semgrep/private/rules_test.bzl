"""semgrep_rules_test: rules against their annotated fixtures."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_program")
load(":scan.bzl", "inputs_of")
load(":toolchain.bzl", "check", "name_of", "semgrep_of")

def _semgrep_rules_test_impl(ctx):
    check(ctx, "rules", ctx.files.rules, "at least one rule file", ctx.attr.rules)
    return engine_program(
        ctx,
        command = "rules-test",
        files = ctx.files.rules + ctx.files.fixtures,
        params = {
            "core": semgrep_of(ctx).short_path,
            "fixtures": inputs_of(ctx, ctx.files.fixtures, lambda file: file.short_path),
            "label": name_of(ctx.label),
            "maxFileBytes": 1000000,
            "maxMemory": ctx.attr.max_memory,
            "ruleTimeout": ctx.attr.rule_timeout,
            "rules": inputs_of(ctx, ctx.files.rules, lambda file: file.short_path),
        },
    )

semgrep_rules_test = rule(
    _semgrep_rules_test_impl,
    doc = """Tests rules: each finds what its fixtures annotate, and nothing else.

```starlark
semgrep_rules_test(
    name = "rules_test",
    fixtures = glob(["rules/*.ts"]),
    rules = glob(["rules/*.yaml"]),
)
```
The fixture of `<name>.yaml` is `<name>.<extension>` or `<name>.<anything>.<extension>`; several are fine. In it a comment above a line says
`ruleid: <id>` (a finding) or `ok: <id>` (none); `todoruleid` and `todook` are what the rule does not manage yet. A rule without a
fixture, a fixture without a rule, and a rule whose fixtures expect no finding fail the test.
""",
    attrs = ENGINE | {
        "rules": attr.label_list(doc = "Rule files.", mandatory = True, allow_files = [".yaml", ".yml", ".json"]),
        "fixtures": attr.label_list(doc = "Annotated sources.", mandatory = True, allow_files = True),
        "rule_timeout": attr.int(doc = "Seconds for one rule on one file.", default = 30),
        "max_memory": attr.int(doc = "MiB of memory for one rule on one file.", default = 2048),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
