"""The module extension `semgrep`: engines that are fetched when a scan needs them."""

load("//oci:repositories.bzl", "semgrep_oci_engine", "semgrep_oci_hub", OCI_PLATFORMS = "PLATFORMS")
load("//pro:repositories.bzl", "PLATFORMS", "TOKEN", "semgrep_pro_engine", "semgrep_pro_hub")

# nosemgrep: hard-coded-host -- the vendor's own, which SEMGREP_URL replaces
_URL = "https://semgrep.dev"

def _read_pro(mctx, tag):
    if bool(tag.lock) == bool(tag.version):
        fail("rules_semgrep: semgrep.pro: expected either lock or version, received {}".format("both" if tag.lock else "none"))
    if tag.version:
        return tag.version, tag.digests
    engine = json.decode(mctx.read(tag.lock)).get("engine")
    if engine == None:
        fail("rules_semgrep: semgrep.pro: {} names no engine; run its update".format(tag.lock))
    return engine["version"], engine.get("pro", {})

def _declare_pro(mctx, tag):
    version, digests = _read_pro(mctx, tag)
    for platform, digest in digests.items():
        if platform not in PLATFORMS or not digest.startswith("sha256:") or len(digest) != len("sha256:") + 64:
            fail("rules_semgrep: semgrep.pro: expected sha256:<64 digits> for {}, received {} for {}".format(
                " or ".join(PLATFORMS.keys()),
                repr(digest),
                platform,
            ))
    engines = {}
    if mctx.getenv(TOKEN):
        for platform in PLATFORMS:
            engines[platform] = "{}_{}".format(tag.name, platform)
            semgrep_pro_engine(
                name = engines[platform],
                platform = platform,
                sha256 = digests.get(platform, "").removeprefix("sha256:"),
                url = mctx.getenv("SEMGREP_URL") or _URL,
                version = version,
            )
        absent = "there is no Pro engine for this platform, only for {}".format(", ".join(PLATFORMS.keys()))
    else:
        absent = "{} is not set in the environment of Bazel".format(TOKEN)
    semgrep_pro_hub(name = tag.name, absent = absent, engines = engines, version = version)

def _declare_oci(tag):
    if not tag.digest.startswith("sha256:") or len(tag.digest) != len("sha256:") + 64:
        fail("rules_semgrep: semgrep.oci: digest: expected sha256:<64 digits>, received {}".format(repr(tag.digest)))
    if "/" not in tag.repository or "://" in tag.repository:
        fail("rules_semgrep: semgrep.oci: repository: expected REGISTRY/REPOSITORY, received {}".format(repr(tag.repository)))
    engines = {platform: "{}_{}".format(tag.name, platform) for platform in OCI_PLATFORMS}
    for platform, repository in engines.items():
        semgrep_oci_engine(
            name = repository,
            digest = tag.digest,
            plain_http = tag.plain_http,
            platform = platform,
            repository = tag.repository,
        )
    semgrep_oci_hub(name = tag.name, engines = engines)

def _semgrep_impl(mctx):
    for module in mctx.modules:
        for tag in module.tags.oci:
            _declare_oci(tag)
        for tag in module.tags.pro:
            _declare_pro(mctx, tag)

    # What was read of the environment must not be written into a lock file.
    return mctx.extension_metadata(reproducible = True)

_pro = tag_class(
    doc = """The Pro engine, if SEMGREP_APP_TOKEN is in the environment of Bazel; `register_toolchains("@semgrep_pro//:all")` makes it known.
SEMGREP_URL is where it comes from, if not from the vendor. See docs/pro.md.""",
    attrs = {
        "digests": attr.string_dict(doc = "Platform (linux_amd64, linux_arm64, darwin_arm64) to `sha256:...` of the program; one that is not named is not checked."),
        "lock": attr.label(doc = "A semgrep.lock.json, in place of version and digests."),
        "name": attr.string(doc = "Of the repository.", default = "semgrep_pro"),
        "version": attr.string(doc = "Which has to be that of the semgrep_toolchain."),
    },
)

_oci = tag_class(
    doc = """semgrep-core out of a registry, in place of PyPI: `semgrep_toolchain(engine = "@semgrep_oci//:engine", ...)`. See docs/update.md.""",
    attrs = {
        "digest": attr.string(doc = "`sha256:...` of the artifact, as semgrep_engine_push said it.", mandatory = True),
        "name": attr.string(doc = "Of the repository.", default = "semgrep_oci"),
        "plain_http": attr.bool(doc = "Whether the registry speaks http; what comes is checked all the same."),
        "repository": attr.string(doc = "REGISTRY/REPOSITORY.", mandatory = True),
    },
)

semgrep = module_extension(
    _semgrep_impl,
    doc = "Engines that are fetched when a scan needs them.",
    tag_classes = {"oci": _oci, "pro": _pro},
)
