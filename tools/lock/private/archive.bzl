"""A repository with some files of one npm or PyPI archive."""

load(":download.bzl", "fetch")

def _tool_archive_impl(rctx):
    archive = fetch(
        rctx,
        tool = rctx.attr.tool,
        client = rctx.attr.client,
        package = rctx.attr.package,
        version = rctx.attr.version,
        digest = rctx.attr.digest,
        wheel_platform = rctx.attr.wheel_platform,
    )
    rctx.extract(archive, ".", rctx.attr.strip_prefix, watch_archive = "no")
    rctx.execute(["chmod", "-R", "u=rwX,go=rX", "."])
    for path in rctx.attr.drop:
        rctx.delete(path)
    if rctx.attr.file and not rctx.path(rctx.attr.file).exists:
        fail("tool lock: {} {} holds no file {}; mend its `file` in tools/tools.lock.json".format(rctx.attr.package, rctx.attr.version, rctx.attr.file))
    rctx.file("BUILD.bazel", rctx.attr.build_file)

tool_archive = repository_rule(
    _tool_archive_impl,
    doc = "Fetches an archive by the machine's npm or pip, checks it against the lock and unpacks it.",
    attrs = {
        "tool": attr.string(mandatory = True, doc = "The tool's name in the lock, for messages."),
        "client": attr.string(mandatory = True, values = ["npm", "pypi"]),
        "package": attr.string(mandatory = True),
        "version": attr.string(mandatory = True),
        "digest": attr.string(mandatory = True, doc = "The archive's digest in the form in which its registry prints it."),
        "wheel_platform": attr.string(doc = "The platform tag of the wheel; empty for npm."),
        "strip_prefix": attr.string(doc = "The folder in the archive that becomes the repository's root."),
        "file": attr.string(doc = "A file that must be there after unpacking."),
        "drop": attr.string_list(doc = "Folders that nothing needs."),
        "build_file": attr.string(mandatory = True, doc = "The text of the repository's BUILD file."),
    },
)
