"""manifest_test: manifests against the schemas of Kubernetes, and hardened."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_program")
load(":toolchain.bzl", "check", "helm_of", "name_of")

def _manifest_test_impl(ctx):
    kubeconform = ctx.executable.kubeconform or helm_of(ctx).kubeconform
    check(ctx, "kubeconform", kubeconform, "a binary, here or in helm_toolchain", None)
    check(ctx, "manifests", ctx.files.manifests, "at least one file", [str(target.label) for target in ctx.attr.manifests])
    schemas = ctx.files.schemas
    for file in schemas:
        check(ctx, "schemas", file.is_directory, "folders, such as kubernetes_schemas makes", file.short_path)
    return engine_program(
        ctx,
        command = "check",
        files = [kubeconform] + ctx.files.manifests + schemas + ctx.files.crds,
        helm = False,
        params = {
            "allow": ctx.attr.allow,
            "crds": [file.short_path for file in ctx.files.crds],
            "hardening": ctx.attr.hardening,
            "kubeconform": kubeconform.short_path,
            "label": name_of(ctx.label),
            "manifests": [file.short_path for file in ctx.files.manifests],
            "origin": "the crds of " + ", ".join([name_of(target.label) for target in ctx.attr.schemas]),
            "report": None,
            "schemas": [file.short_path for file in schemas],
        },
    )

manifest_test = rule(
    _manifest_test_impl,
    doc = """Fails when a manifest is not what Kubernetes knows, or is less safe than it could be.

```starlark
manifest_test(
    name = "production_manifest_test",
    allow = {"probes Deployment/worker/sidecar": "it has no port and ends with the pod"},
    manifests = [":production"],
    schemas = ["//tools/kubernetes:schemas"],
)
```
Checked is:
- YAML: no key twice, every document a resource, no resource twice, no template that was not rendered
- every field of every resource, strictly, by kubeconform on local schemas; a kind without a schema fails. CustomResourceDefinitions
  among the manifests are schemas too
- hardening of workloads: `read-only-root`, `non-root-user` (runAsNonRoot, and a user id of 1000 or more), `resources` (requests of cpu
  and memory, a limit of memory), `probes` (of what runs until it is stopped), `image` (a tag or a digest, not latest),
  `service-account-token`, `host-path`, `disruption-budget` (from two replicas on), `network-policy` (both directions denied by default)

Pod Security Standards are not repeated here: a server that enforces them decides better.

A finding of hardening is allowed by `allow`, or by an annotation of the resource: `rules-helm/allow.probes: <reason>`, for one container
`rules-helm/allow.probes.<container>: <reason>`. Reasons are printed; an allowance that nothing needs fails.
""",
    attrs = ENGINE | {
        "allow": attr.string_dict(doc = "`<check> <Kind>/<name>` or `<check> <Kind>/<name>/<container>` -> why it has to be so."),
        "crds": attr.label_list(doc = "More CustomResourceDefinitions.", allow_files = [".yaml", ".yml", ".json"]),
        "hardening": attr.bool(doc = "Whether workloads are checked for hardening.", default = True),
        "kubeconform": attr.label(doc = "kubeconform; default the toolchain's.", allow_single_file = True, executable = True, cfg = "exec"),
        "manifests": attr.label_list(
            doc = "Files, and folders with all below them: what is applied together.",
            mandatory = True,
            allow_files = True,
        ),
        "schemas": attr.label_list(doc = "Folders of schemas, such as kubernetes_schemas makes.", mandatory = True, allow_files = True),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
