"""Public rules: scans of files, manifests and targets, tests of rules, and the findings of all in one file."""

load("//private:closure.bzl", _SemgrepClosureInfo = "SemgrepClosureInfo", _semgrep_closure = "semgrep_closure")
load("//private:rules_test.bzl", _semgrep_rules_test = "semgrep_rules_test")
load("//private:sarif.bzl", _semgrep_sarif_rule = "semgrep_sarif")
load("//private:sca.bzl", _SemgrepDependenciesInfo = "SemgrepDependenciesInfo")
load("//private:sca_test.bzl", "semgrep_dependencies_test", "semgrep_dependencies_update")
load("//private:scan.bzl", _SemgrepScanInfo = "SemgrepScanInfo")
load("//private:sources_test.bzl", "semgrep_sources_test", "semgrep_sources_update")
load("//private:target_test.bzl", "semgrep_closure_test", "semgrep_closure_update")

SemgrepClosureInfo = _SemgrepClosureInfo
SemgrepDependenciesInfo = _SemgrepDependenciesInfo
SemgrepScanInfo = _SemgrepScanInfo
semgrep_closure = _semgrep_closure
semgrep_rules_test = _semgrep_rules_test

# What the test takes and the program that writes its baseline does not.
_TEST_ONLY = ["args", "env", "env_inherit", "flaky", "local", "shard_count", "size", "timeout"]

def semgrep_test(name, srcs, rules, size = "small", **kwargs):
    """Scans files with rules, in one process of the engine. What the engine could not do fails the test as a finding does.

    ```starlark
    semgrep_test(
        name = "semgrep_test",
        srcs = glob(["*.ts"]) + ["BUILD.bazel"],
        baseline = "semgrep.baseline.json",
        rules = ["//tools/semgrep:rules"],
    )
    ```
    All scans have the tag "semgrep": `bazel test //... --test_tag_filters=semgrep`. With `baseline` there is also
    `bazel run :<name>.update_baseline`. The test leaves `semgrep.txt`, `semgrep.json` and `semgrep.sarif` in its outputs
    (`bazel-testlogs/.../test.outputs`).

    Args:
      name: the test
      srcs: files and folders; which rules a file gets follows from its name, or from its first line (`#!`)
      rules: rule files of semgrep, or targets of them
      size: of the test
      **kwargs: exclude_rules, severities, fail_on, baseline, stale_nosemgrep, rule_timeout, max_memory, max_file_bytes, verbose, pro, interfile_timeout,
        require_pro (see private/scan.bzl), and what all tests have
    """
    _with_baseline(semgrep_sources_test, semgrep_sources_update, name, size, kwargs | {"rules": rules, "srcs": srcs})

def semgrep_manifest_test(name, manifests, rules, size = "small", tags = [], **kwargs):
    """Scans rendered Kubernetes manifests.

    ```starlark
    semgrep_manifest_test(
        name = "production_semgrep_test",
        manifests = ":production",
        rules = ["//tools/semgrep:manifest_rules"],
    )
    ```
    As a check of rules_helm's argocd_app it needs a macro that knows the rules, and takes name, manifests and tags.

    Args:
      name: the test
      manifests: a target with manifests, such as a helm_template: files, or a folder of them
      rules: rule files of semgrep, or targets of them
      size: of the test
      tags: of the test
      **kwargs: as for semgrep_test
    """
    _with_baseline(semgrep_sources_test, semgrep_sources_update, name, size, kwargs | {
        "rules": rules,
        "srcs": [manifests],
        "tags": tags,
    })

def semgrep_target_test(name, target, rules, size = "small", **kwargs):
    """Scans all first-party sources that a target is made of: its own, and those of what it depends on.

    ```starlark
    semgrep_target_test(
        name = "trips-api_semgrep_test",
        rules = ["//tools/semgrep:rules"],
        target = ":trips-api",
    )
    ```
    An aspect follows deps, data, embed, actual, srcs, entry_point, types, what images are made of, and their like (private/closure.bzl); what
    belongs to another repository is left out.

    Args:
      name: the test
      target: a binary, a library, an image
      rules: rule files of semgrep, or targets of them
      size: of the test
      **kwargs: as for semgrep_test; with lockfiles and advisories (and exclude_advisories, fail_unreachable) what the target depends on is
        checked too, as by semgrep_sca_test
    """
    _with_baseline(semgrep_closure_test, semgrep_closure_update, name, size, kwargs | {"rules": rules, "target": target})

def semgrep_sca_test(name, lockfiles, advisories, target = None, size = "small", **kwargs):
    """Compares what a target depends on with advisories: which packages of its closure have a known vulnerability, and whether it calls it.

    ```starlark
    semgrep_sca_test(
        name = "trips-api_sca_test",
        advisories = ["//tools/semgrep:advisories"],
        lockfiles = ["//:pnpm-lock.yaml"],
        target = ":trips-api",
    )
    ```
    The test stays cached when a lockfile or the advisories change in what does not concern the target. See docs/sca.md.

    Args:
      name: the test
      lockfiles: where the versions stand
      advisories: OSV records, and rules of semgrep that speak of dependencies
      target: a binary, a library, an image; without it all packages of the lockfiles are checked
      size: of the test
      **kwargs: exclude_advisories, fail_unreachable (see private/sca.bzl), fail_on, baseline, rule_timeout, max_memory, max_file_bytes, verbose (see
        private/scan.bzl), and what all tests have
    """
    _with_baseline(semgrep_dependencies_test, semgrep_dependencies_update, name, size, kwargs | {
        "advisories": advisories,
        "lockfiles": lockfiles,
        "target": target,
    })

def semgrep_sarif(name, tests, tags = [], **kwargs):
    """One SARIF 2.1.0 file with the findings of many tests, for a code scanning service.

    ```starlark
    semgrep_sarif(
        name = "semgrep",
        tests = [
            "//services/trips-api:semgrep_test",
            "//sites:semgrep",
        ],
    )
    ```
    `bazel build //:semgrep` scans what the tests scan, whether or not they pass, and writes `semgrep.sarif`. It is manual: a wildcard would
    scan everything a second time. What could not be scanned fails the build.

    Args:
      name: the target, and the file's name
      tests: scans, and other semgrep_sarif targets, so that each folder can have one
      tags: more tags
      **kwargs: what all targets have
    """
    _semgrep_sarif_rule(name = name, testonly = True, tags = tags + ["manual"], tests = tests, **kwargs)

def _with_baseline(test, update, name, size, attrs):
    if attrs.get("pro") == "interfile":
        attrs = {"max_memory": 8192} | attrs

    # The licence of the Pro engine does not let it lie on machines of others.
    tags = ["semgrep"] + (["no-remote-exec"] if attrs.get("pro") else [])
    attrs = attrs | {"tags": (attrs.get("tags") or []) + tags}

    # A semgrep_sarif of another package takes its findings.
    attrs = attrs | {"visibility": attrs.get("visibility") or ["//visibility:public"]}
    test(name = name, size = size, **attrs)
    if attrs.get("baseline"):
        kept = {key: value for key, value in attrs.items() if key not in _TEST_ONLY}
        update(
            name = name + ".update_baseline",
            testonly = True,
            **(kept | {"tags": (attrs.get("tags") or []) + ["manual"]})
        )
