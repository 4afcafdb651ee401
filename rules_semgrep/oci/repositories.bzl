"""Repositories with semgrep-core out of an OCI artifact, pinned by the digest of its index."""

load("@bazel_tools//tools/build_defs/repo:utils.bzl", "read_netrc", "read_user_netrc", "use_netrc")

# Names as in the Pro engine's repositories; then how OCI and Bazel say it.
PLATFORMS = {
    "darwin_arm64": struct(architecture = "arm64", constraints = ["@platforms//os:macos", "@platforms//cpu:arm64"], os = "darwin"),
    "linux_amd64": struct(architecture = "amd64", constraints = ["@platforms//os:linux", "@platforms//cpu:x86_64"], os = "linux"),
    "linux_arm64": struct(architecture = "arm64", constraints = ["@platforms//os:linux", "@platforms//cpu:arm64"], os = "linux"),
}

TOKEN = "SEMGREP_OCI_TOKEN"
_INDEX = "application/vnd.oci.image.index.v1+json"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"

def _auth(rctx, url):
    # Not by getenv: Bazel writes what that reads, a secret, into its record of the repository.
    token = rctx.os.environ.get(TOKEN, "")
    if token:
        return {url: {"password": token, "pattern": "Bearer <password>", "type": "pattern"}}
    netrc = rctx.os.environ.get("NETRC", "")
    return use_netrc(read_netrc(rctx, netrc) if netrc else read_user_netrc(rctx), [url], {})

def _fetch_json(rctx, url, digest, accept, output):
    rctx.download(url, output, auth = _auth(rctx, url), headers = {"Accept": accept}, sha256 = digest.removeprefix("sha256:"))
    return json.decode(rctx.read(output))

def _semgrep_oci_engine_impl(rctx):
    registry, _, repository = rctx.attr.repository.partition("/")
    base = "{}://{}/v2/{}/".format("http" if rctx.attr.plain_http else "https", registry, repository)
    wanted = PLATFORMS[rctx.attr.platform]
    index = _fetch_json(rctx, base + "manifests/" + rctx.attr.digest, rctx.attr.digest, _INDEX, "index.json")
    found = [
        manifest["digest"]
        for manifest in index.get("manifests", [])
        if manifest["platform"]["os"] == wanted.os and manifest["platform"]["architecture"] == wanted.architecture
    ]
    if len(found) != 1:
        fail("\n\nrules_semgrep: {}@{}: expected one semgrep-core for {}, found {}; it holds {}\n".format(
            rctx.attr.repository,
            rctx.attr.digest,
            rctx.attr.platform,
            len(found),
            ", ".join(["{os}_{architecture}".format(**manifest["platform"]) for manifest in index.get("manifests", [])]) or "none",
        ))
    manifest = _fetch_json(rctx, base + "manifests/" + found[0], found[0], _MANIFEST, "manifest.json")
    for layer in manifest["layers"]:
        url = base + "blobs/" + layer["digest"]
        rctx.download_and_extract(url, auth = _auth(rctx, url), sha256 = layer["digest"].removeprefix("sha256:"), type = "tar.gz")
    if not rctx.path("bin/semgrep-core").exists:
        fail("\n\nrules_semgrep: {}@{}: expected bin/semgrep-core in it; was it pushed by semgrep_engine_push?\n".format(
            rctx.attr.repository,
            rctx.attr.digest,
        ))
    rctx.file("BUILD.bazel", """\
filegroup(
    name = "engine",
    srcs = glob(["bin/**"]),
    visibility = ["//visibility:public"],
)
""")

semgrep_oci_engine = repository_rule(
    _semgrep_oci_engine_impl,
    doc = "semgrep-core for one platform.",
    attrs = {
        "digest": attr.string(mandatory = True, doc = "`sha256:...` of the index."),
        "plain_http": attr.bool(),
        "platform": attr.string(mandatory = True, values = PLATFORMS.keys()),
        "repository": attr.string(mandatory = True, doc = "REGISTRY/REPOSITORY."),
    },
)

_CHOICE = """
config_setting(
    name = "{platform}",
    constraint_values = {constraints},
)
"""

def _semgrep_oci_hub_impl(rctx):
    parts = [_CHOICE.format(constraints = repr(platform.constraints), platform = name) for name, platform in PLATFORMS.items()]
    parts.append("""
alias(
    name = "engine",
    actual = select(
        {choices},
        no_match_error = "there is no semgrep-core for this platform, only for {platforms}",
    ),
    visibility = ["//visibility:public"],
)
""".format(
        choices = repr({":" + platform: "@{}//:engine".format(repository) for platform, repository in rctx.attr.engines.items()}),
        platforms = ", ".join(PLATFORMS.keys()),
    ))
    rctx.file("BUILD.bazel", "".join(parts))

semgrep_oci_hub = repository_rule(
    _semgrep_oci_hub_impl,
    doc = "semgrep-core for the platform that asks; only that one is fetched.",
    attrs = {"engines": attr.string_dict(mandatory = True, doc = "Platform to repository.")},
)
