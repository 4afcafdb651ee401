"""kubernetes_schemas: JSON schemas of every kind that a Kubernetes serves."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_action")
load(":toolchain.bzl", "name_of")

def _kubernetes_schemas_impl(ctx):
    out = ctx.actions.declare_directory(ctx.label.name)
    engine_action(
        ctx,
        command = "schemas",
        helm = False,
        inputs = ctx.files.openapi + ctx.files.crds,
        mnemonic = "KubernetesSchemas",
        outputs = [out],
        params = {
            "crds": [file.path for file in ctx.files.crds],
            "label": name_of(ctx.label),
            "openapi": [file.path for file in ctx.files.openapi],
            "out": out.path,
        },
        progress_message = "Writing the schemas %{label}",
    )
    return [DefaultInfo(files = depset([out]))]

kubernetes_schemas = rule(
    _kubernetes_schemas_impl,
    doc = """Makes a folder of JSON schemas for `manifest_test`, in their strict form: a field that is not declared is an error.

```starlark
kubernetes_schemas(
    name = "schemas",
    crds = glob(["crds/*.yaml"]),
    openapi = ["openapi_apps_v1.json"],
)
```
A schema stands at `<group>/<kind>_<version>.json` (for core resources `v1/<kind>_v1.json`), which other programs with kubeconform's
`-schema-location '<folder>/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json'` read as well.
""",
    attrs = ENGINE | {
        "crds": attr.label_list(doc = "CustomResourceDefinitions.", allow_files = [".yaml", ".yml", ".json"]),
        "openapi": attr.label_list(
            doc = "OpenAPI v3 documents of a kube-apiserver, such as `kubectl get --raw /openapi/v3/apis/apps/v1` prints, or folders of them.",
            mandatory = True,
            allow_files = True,
        ),
    },
    toolchains = TOOLCHAINS,
)
