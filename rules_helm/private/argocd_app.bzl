"""argocd_app: one application in one overlay, with its Application and its tests."""

load(":argocd_application.bzl", "argocd_application")
load(":coverage_test.bzl", "helm_coverage_test")
load(":determinism_test.bzl", "helm_determinism_test")
load(":same_bytes_test.bzl", "helm_same_bytes_test")
load(":sync_policy.bzl", "argocd_sync_policy")
load(":template.bzl", "helm_template")

# The cluster that Argo CD itself runs in.
_IN_CLUSTER = "https://kubernetes.default.svc"

def argocd_app(
        name,
        chart,
        namespace,
        app = None,
        release_name = None,
        values = [],
        source = "manifests",
        repo_url = "",
        revision = "main",
        manifests_folder = "manifests",
        chart_repository = "",
        chart_version = "",
        project = "default",
        destination_server = None,
        destination_name = None,
        argocd_namespace = "argocd",
        sync_policy = None,
        sync_wave = None,
        ignore_differences = [],
        cascade = False,
        image_updates = {},
        images = {},
        unread = {},
        checks = {},
        kube_version = None,
        api_versions = [],
        tags = [],
        visibility = ["//visibility:public"]):
    """An application in one overlay: its manifests, its Argo CD Application, and the tests of both.

    ```starlark
    argocd_app(
        name = "production",
        chart = ":trips-api",
        namespace = "trips",
        repo_url = "https://git.example/homelab.git",
        values = ["overlays/production.yaml"],
    )
    ```
    makes
    - `:production`, the folder with the rendered manifests, a file for each resource
    - `:production.application`, the Application
    - `:production_determinism_test`, `:production_coverage_test` and `:production_same_bytes_test`
    - for each of `checks` what it makes
    - `:production_tests`, a suite of all these tests

    `manifests` brings both into the tree. What all applications of a repository have in common (`repo_url`, `checks`) belongs into a macro
    of that repository around this one.

    Argo CD reads one of three sources:
    - `source = "manifests"`: the committed manifests. What was reviewed is what is applied. The default.
    - `source = "chart"`: the chart in git, rendered by Argo CD with the same values files.
    - `source = "chart"` with `chart_repository`: the chart from a registry, with the values files from git as a second source.

    Args:
      name: the overlay, such as "production"
      chart: the helm_chart
      namespace: where the resources go; Argo CD makes it, with the labels of `sync_policy`
      app: the application's name; default the package's last folder
      release_name: `.Release.Name`; default the application's name
      values: values files over the chart's own; later ones win
      source: "manifests" or "chart"
      repo_url: where Argo CD reads this repository
      revision: the branch, tag or commit that it reads
      manifests_folder: the folder of committed manifests, the package of `manifests`
      chart_repository: `oci://HOST/PATH` of the registry, without the chart's name
      chart_version: the chart's version there; default the one of its Chart.yaml
      project: the Argo CD project
      destination_server: the cluster by address; default the one in which Argo CD runs
      destination_name: the cluster by name
      argocd_namespace: the namespace in which Argo CD runs
      sync_policy: a dict as Argo CD knows it; default `argocd_sync_policy()`
      sync_wave: an integer; lower waves come first
      ignore_differences: list of dicts as Argo CD knows them (group, kind, jsonPointers, ...)
      cascade: whether the resources are deleted with the Application
      image_updates: alias -> dict of image, strategy, allow_tags and keys (name and tag, or spec), for Argo CD Image Updater. It commits
        new tags to the last of `values`; only where Argo CD renders the chart
      images: target of an image -> key of values; `<key>.digest` becomes its digest
      unread: keys of values that no template has to read, with the reason
      checks: suffix -> macro that is called with name, manifests and tags, and makes a test of this name, such as a scan of the manifests
      kube_version: the Kubernetes to render for; default a constant of this module
      api_versions: what the cluster has beside Kubernetes' own
      tags: tags of all targets
      visibility: who may use the application
    """
    app = app or native.package_name().rpartition("/")[2]
    versions = {"kube_version": kube_version} if kube_version else {}
    helm_template(
        name = name + ".rendered",
        api_versions = api_versions,
        chart = chart,
        images = images,
        namespace = namespace,
        release_name = release_name or app,
        split = True,
        tags = tags,
        values = values,
        visibility = ["//visibility:private"],
        **versions
    )
    destination = {} if destination_name and not destination_server else {"server": destination_server or _IN_CLUSTER}
    if destination_name:
        destination["name"] = destination_name
    argocd_application(
        name = name,
        app = app,
        chart_repository = chart_repository,
        chart_version = chart_version,
        images = images,
        manifests_folder = manifests_folder,
        overlay = name,
        settings = json.encode({
            "apiVersions": api_versions,
            "argocdNamespace": argocd_namespace,
            "cascade": cascade,
            "destination": destination,
            "ignoreDifferences": ignore_differences,
            "imageUpdates": image_updates,
            "kubeVersion": kube_version or "",
            "project": project,
            "repoUrl": repo_url,
            "revision": revision,
            "syncPolicy": argocd_sync_policy(respect_ignore_differences = bool(ignore_differences)) if sync_policy == None else sync_policy,
            "syncWave": "" if sync_wave == None else str(sync_wave),
        }),
        source = source,
        tags = tags,
        template = name + ".rendered",
        visibility = visibility,
    )
    native.filegroup(
        name = name + ".application",
        srcs = [name],
        output_group = "application",
        tags = tags,
        visibility = visibility,
    )
    helm_determinism_test(
        name = name + "_determinism_test",
        size = "small",
        tags = tags,
        template = name,
    )
    helm_coverage_test(
        name = name + "_coverage_test",
        size = "small",
        tags = tags,
        template = name,
        unread = unread,
    )
    helm_same_bytes_test(
        name = name + "_same_bytes_test",
        size = "small",
        tags = tags,
        template = name + ".rendered",
    )
    for suffix, check in checks.items():
        check(name = "{}_{}".format(name, suffix), manifests = ":" + name, tags = tags)
    tests = ["determinism_test", "coverage_test", "same_bytes_test"] + checks.keys()

    # Manual tests stay out of wildcards; their suite must not bring them back in.
    native.test_suite(
        name = name + "_tests",
        tags = ["manual"] if "manual" in tags else [],
        tests = ["{}_{}".format(name, suffix) for suffix in tests],
        visibility = visibility,
    )
