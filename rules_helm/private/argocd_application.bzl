"""argocd_application: the rule behind argocd_app."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_action")
load(":template.bzl", "HelmTemplateInfo")
load(":toolchain.bzl", "check", "name_of")

ArgocdAppInfo = provider(
    doc = "An application in one overlay: what it renders to, and the resource that tells Argo CD of it.",
    fields = {
        "app": "string: the application's name, and that of its folder",
        "application": "File: the Application",
        "manifests": "File: the folder with its manifests",
        "overlay": "string: the overlay",
    },
)

def path_in_repository(file):
    """A File's path from the root of its own repository.

    Args:
      file: a File
    Returns:
      a string
    """
    return file.short_path.split("/", 2)[2] if file.short_path.startswith("../") else file.short_path

def _in_git(ctx, attribute, file):
    inside = file.owner.workspace_name == ctx.label.workspace_name
    check(ctx, attribute, inside and file.is_source, "files of this repository, since Argo CD reads them from git", file.short_path)
    return path_in_repository(file)

def _source(ctx, template):
    attr = ctx.attr
    folder = "{}/{}/{}".format(attr.manifests_folder, attr.overlay, attr.app) if attr.manifests_folder else ""
    in_registry = attr.chart_repository or attr.chart_version
    if attr.source == "manifests":
        check(ctx, "chart_repository", not in_registry, "none with source = \"manifests\": Argo CD sees no chart then", attr.chart_repository or attr.chart_version)
        return {"kind": "manifests", "path": folder}
    values = [_in_git(ctx, "values", file) for file in template.values]
    if in_registry:
        return {
            "kind": "registry",
            "repository": attr.chart_repository,
            "valueFiles": values,
            "version": attr.chart_version,
        }
    chart = _in_git(ctx, "chart", template.chart.chart)
    return {"kind": "chart", "path": chart.rpartition("/")[0] or ".", "valueFiles": values}

def _argocd_application_impl(ctx):
    attr = ctx.attr
    template = attr.template[HelmTemplateInfo]
    images = [(key, label[DefaultInfo].files.to_list()[0]) for label, key in attr.images.items()]
    seen = [] if attr.source == "manifests" else images
    application = ctx.actions.declare_file(ctx.label.name + ".application.yaml")
    engine_action(
        ctx,
        command = "application",
        inputs = [template.chart.chart] + [file for _, file in seen],
        mnemonic = "ArgocdApplication",
        outputs = [application],
        params = json.decode(attr.settings) | {
            "chartFile": template.chart.chart.path,
            "images": [[key, file.path] for key, file in seen],
            "label": name_of(ctx.label),
            "name": attr.app,
            "namespace": template.namespace,
            "out": application.path,
            "releaseName": template.release,
            "source": _source(ctx, template),
        },
        progress_message = "Writing the Application of %{label}",
    )
    return [
        DefaultInfo(files = depset([template.rendered]), runfiles = ctx.runfiles([template.rendered])),
        OutputGroupInfo(application = depset([application])),
        ArgocdAppInfo(app = attr.app, application = application, manifests = template.rendered, overlay = attr.overlay),
        template,
    ]

argocd_application = rule(
    _argocd_application_impl,
    doc = "Joins rendered manifests with their Application. Used through argocd_app.",
    attrs = ENGINE | {
        "app": attr.string(doc = "The application's name.", mandatory = True),
        "chart_repository": attr.string(doc = "Where Argo CD fetches the chart: oci://HOST/PATH."),
        "chart_version": attr.string(doc = "Its version there; default the one of Chart.yaml."),
        "images": attr.label_keyed_string_dict(doc = "As in helm_template.", allow_files = True),
        "manifests_folder": attr.string(doc = "The folder of committed manifests, from the root of the repository."),
        "overlay": attr.string(doc = "The overlay's name.", mandatory = True),
        "settings": attr.string(doc = "JSON: what of the Application depends on no file.", mandatory = True),
        "source": attr.string(doc = "What Argo CD reads.", default = "manifests", values = ["chart", "manifests"]),
        "template": attr.label(doc = "The rendering, split.", mandatory = True, providers = [HelmTemplateInfo]),
    },
    toolchains = TOOLCHAINS,
)
