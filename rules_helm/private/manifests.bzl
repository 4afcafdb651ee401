"""manifests: the committed folder of everything that is rendered."""

load(":manifests_rules.bzl", "manifests_orphan_test", "manifests_staleness_test", "manifests_update")

def manifests(name, apps, mend = None, tags = [], visibility = None):
    """The committed manifests of a repository: what pull requests show, and what Argo CD applies.

    ```starlark
    manifests(
        name = "manifests",
        apps = [
            "//charts/trips-api:production",
            "//charts/trips-site:production",
        ],
    )
    ```
    in `manifests/BUILD.bazel` expects `manifests/<overlay>/<app>/<kind>-<name>.yaml` and `manifests/<overlay>/applications/<app>.yaml`,
    and makes
    - `:<overlay>_<app>_test` for each application: committed is what is rendered
    - `:manifests_orphan_test`: nothing else is committed below the overlays
    - `:manifests.update`, for `bazel run`: writes what differs, deletes what nobody renders; `-- --check` only looks, status 1 if anything differs
    - `:manifests`, a suite of these tests and of all tests of the applications

    Rendered files are to be left alone by formatters; mark the folder in .gitattributes (`linguist-generated`).

    Args:
      name: the suite
      apps: argocd_app targets
      mend: the command that tests tell people to run; default `bazel run` of `.update`
      tags: tags of all targets
      visibility: who may use the suite and the program
    """
    folder = native.package_name()
    if not folder:
        fail("manifests(name = \"{}\"): expected a package of its own, such as //manifests, received the root".format(name))
    shared = {
        "folder": folder,
        "mend": mend or "bazel run //{}:{}.update".format(folder, name),
        "tags": tags,
    }
    committed = native.glob(["*/**"], exclude = ["**/.*", "**/.*/**"], allow_empty = True)
    tests = {}
    for app in apps:
        label = native.package_relative_label(app)
        folder_name = label.package.rpartition("/")[2]
        test = "_".join([label.name] + ([folder_name] if folder_name else []) + ["test"])
        if test in tests:
            fail("manifests(name = \"{}\"): {} and {} have one name; rename one of their packages or targets".format(name, tests[test], app))
        tests[test] = app
        manifests_staleness_test(name = test, size = "small", app = app, committed = committed, **shared)
    manifests_orphan_test(name = name + "_orphan_test", size = "small", apps = apps, committed = committed, **shared)
    manifests_update(name = name + ".update", apps = apps, visibility = visibility, **shared)
    suites = [native.package_relative_label(app).same_package_label(native.package_relative_label(app).name + "_tests") for app in apps]

    # Manual tests stay out of wildcards; their suite must not bring them back in.
    native.test_suite(
        name = name,
        tags = ["manual"] if "manual" in tags else [],
        tests = [":" + test for test in tests] + [":" + name + "_orphan_test"] + [str(suite) for suite in suites],
        visibility = visibility,
    )
