"""The platforms that the lock speaks of."""

# Go's names of a platform -> what it is to Bazel.
PLATFORMS = {
    "darwin_amd64": ["@platforms//os:macos", "@platforms//cpu:x86_64"],
    "darwin_arm64": ["@platforms//os:macos", "@platforms//cpu:arm64"],
    "linux_amd64": ["@platforms//os:linux", "@platforms//cpu:x86_64"],
    "linux_arm64": ["@platforms//os:linux", "@platforms//cpu:arm64"],
}

def host_platform(ctx):
    """The platform that a repository rule or module extension runs on.

    Args:
        ctx: a repository_ctx or module_ctx.

    Returns:
        One of the keys of PLATFORMS.
    """
    os = "darwin" if ctx.os.name.lower().startswith("mac") else "linux"
    cpu = "arm64" if ctx.os.arch in ["aarch64", "arm64"] else "amd64"
    return os + "_" + cpu
