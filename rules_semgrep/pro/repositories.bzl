"""Repositories with the Pro engine: fetched with a token, or stubs that say why there is none."""

# The platforms that it is published for, and their names at the download API.
PLATFORMS = {
    "darwin_arm64": struct(api = "osx-arm64", constraints = ["@platforms//os:macos", "@platforms//cpu:arm64"]),
    "linux_amd64": struct(api = "manylinux-x86", constraints = ["@platforms//os:linux", "@platforms//cpu:x86_64"]),
    "linux_arm64": struct(api = "manylinux-arm64", constraints = ["@platforms//os:linux", "@platforms//cpu:arm64"]),
}

TOKEN = "SEMGREP_APP_TOKEN"
_LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]

_FAILED = """

rules_semgrep: cannot fetch the Pro engine {version} for {platform}
  what happened: {url} did not give it; the error below says what came
  what to do:    401: the token in {token} is not valid: make a new one
                 403: the token is valid, its organisation has no Pro engine: ask the vendor, or unset {token}
                 404: there is no Pro engine of this version for this platform: set another version
                 another digest: do not use what came; if the pinned one is wrong, `bazel run` the update of your lock
                 no answer, or a body that ends early: check the network and SEMGREP_URL, then run the command again
  Nothing was kept of this attempt.
"""

def _check_url(url):
    if url.startswith("https://"):
        return
    host = url.removeprefix("http://").split("/")[0]
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    if not url.startswith("http://") or name not in _LOOPBACK:
        fail("\n\nrules_semgrep: SEMGREP_URL: expected https://..., received {}: a token is not sent in clear text\n".format(url))

def _download(rctx, url, token, allow_fail):
    # The token goes to this address alone: not where it may redirect to.
    return rctx.download(
        url,
        "semgrep-core-proprietary",
        allow_fail = allow_fail,
        auth = {url: {"password": token, "pattern": "Bearer <password>", "type": "pattern"}},
        executable = True,
        sha256 = rctx.attr.sha256,
    )

def _semgrep_pro_engine_impl(rctx):
    # Not by getenv: Bazel writes what that reads, a secret, into its record of the repository.
    token = rctx.os.environ.get(TOKEN, "")
    if not token:
        fail("\n\nrules_semgrep: {} went away while the Pro engine was fetched; set it, or run the command again without it\n".format(TOKEN))
    _check_url(rctx.attr.url)
    url = "{}/api/agent/deployments/deepbinary/{}?version={}".format(
        rctx.attr.url.rstrip("/"),
        PLATFORMS[rctx.attr.platform].api,
        rctx.attr.version,
    )

    result = _download(rctx, url, token, allow_fail = True)
    if not result.success:
        # Bazel does not say what came to one who allows failures: it is asked once more, and says it beside this.
        # buildifier: disable=print
        print(_FAILED.format(platform = rctx.attr.platform, token = TOKEN, url = url, version = rctx.attr.version))
        result = _download(rctx, url, token, allow_fail = False)
    rctx.file("BUILD.bazel", """\
load("@rules_semgrep//pro:toolchain.bzl", "semgrep_pro_toolchain")

# sha256:{sha256}
semgrep_pro_toolchain(
    name = "pro",
    binary = "semgrep-core-proprietary",
    version = {version},
    visibility = ["//visibility:public"],
)
""".format(sha256 = result.sha256, version = repr(rctx.attr.version)))

semgrep_pro_engine = repository_rule(
    _semgrep_pro_engine_impl,
    doc = "The Pro engine for a platform, fetched with the token in SEMGREP_APP_TOKEN.",
    attrs = {
        "platform": attr.string(mandatory = True, values = PLATFORMS.keys()),
        "sha256": attr.string(doc = "Of the program; empty when it is not pinned."),
        "url": attr.string(mandatory = True, doc = "Of the download API."),
        "version": attr.string(mandatory = True),
    },
)

_TOOLCHAIN = """
toolchain(
    name = "{name}",
    exec_compatible_with = {constraints},
    toolchain = "{toolchain}",
    toolchain_type = "@rules_semgrep//pro:toolchain_type",
)
"""

def _semgrep_pro_hub_impl(rctx):
    parts = ['load("@rules_semgrep//pro:toolchain.bzl", "semgrep_pro_toolchain")\n']
    for platform, repository in rctx.attr.engines.items():
        parts.append(_TOOLCHAIN.format(
            name = platform,
            constraints = repr(PLATFORMS[platform].constraints),
            toolchain = "@{}//:pro".format(repository),
        ))

    # Names are in the order of the alphabet, which is the order in which toolchains are taken: this is the last.
    parts.append(_TOOLCHAIN.format(name = "stub", constraints = "[]", toolchain = ":absent"))
    parts.append("""
semgrep_pro_toolchain(
    name = "absent",
    absent = {absent},
    version = {version},
)
""".format(absent = repr(rctx.attr.absent), version = repr(rctx.attr.version)))
    rctx.file("BUILD.bazel", "".join(parts))

semgrep_pro_hub = repository_rule(
    _semgrep_pro_hub_impl,
    doc = "The toolchains of the Pro engine, one for each platform, and the one that says why there is none.",
    attrs = {
        "absent": attr.string(mandatory = True),
        "engines": attr.string_dict(doc = "Platform to repository."),
        "version": attr.string(mandatory = True),
    },
)
