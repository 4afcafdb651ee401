"""The extension `typescript`: `typescript.deps(version_from = "@npm//:typescript/resolved.json")` makes @npm_typescript.

The compiler is the native program of the host's platform package, fetched through the npm client and checked against the
integrity that the workspace's pnpm-lock.yaml has for it.
"""

_PLATFORMS = {
    ("linux", "amd64"): "linux-x64",
    ("linux", "aarch64"): "linux-arm64",
    ("mac os x", "aarch64"): "darwin-arm64",
    ("mac os x", "x86_64"): "darwin-x64",
}

_BUILD = """\
package(default_visibility = ["//visibility:public"])

alias(name = "tsc", actual = "package/lib/tsc")
filegroup(name = "lib", srcs = glob(["package/lib/*.d.ts"]) + ["package/package.json"])
"""

_CHECK = """\
const { createHash } = require("node:crypto"), { readFileSync } = require("node:fs");
process.stdout.write("sha512-" + createHash("sha512").update(readFileSync(process.argv[1])).digest("base64"));
"""

def _integrity(lock, key):
    _, found, rest = lock.partition("'{}':\n".format(key))
    if not found:
        return None
    return rest.partition("integrity: ")[2].partition("}")[0].partition(",")[0].strip()

def _typescript_repository_impl(rctx):
    platform = _PLATFORMS.get((rctx.os.name, rctx.os.arch))
    if not platform:
        fail("TypeScript has no compiler for {} on {}".format(rctx.os.name, rctx.os.arch))
    version = rctx.attr.version or json.decode(rctx.read(rctx.attr.version_from))["version"]
    package = "@typescript/typescript-{}@{}".format(platform, version)
    expected = _integrity(rctx.read(Label("@@//:pnpm-lock.yaml")), package)
    if not expected:
        fail("pnpm-lock.yaml has no {}; run pnpm install --lockfile-only".format(package))
    packed = rctx.execute(["npm", "pack", "--silent", package], timeout = 300)
    if packed.return_code != 0:
        fail("{} was not fetched: npm pack said\n{}{}\nCheck the network and npm's registry setting (npm ping).".format(package, packed.stdout, packed.stderr))
    archive = packed.stdout.strip().split("\n")[-1]
    found = rctx.execute(["node", "-e", _CHECK, archive]).stdout
    if found != expected:
        fail("{} is not what pnpm-lock.yaml names: expected {}, found {}".format(package, expected, found))
    rctx.extract(archive)
    rctx.delete(archive)
    rctx.file("BUILD.bazel", _BUILD)

_typescript_repository = repository_rule(
    implementation = _typescript_repository_impl,
    attrs = {
        "version": attr.string(),
        "version_from": attr.label(),
    },
)

def _typescript_impl(mctx):
    made = {}
    for module in mctx.modules:
        for deps in module.tags.deps:
            if deps.name in made:
                continue
            made[deps.name] = True
            _typescript_repository(name = deps.name, version = deps.version, version_from = deps.version_from)

typescript = module_extension(
    implementation = _typescript_impl,
    tag_classes = {
        "deps": tag_class(attrs = {
            "integrity": attr.string(doc = "ignored: pnpm-lock.yaml has it"),
            "name": attr.string(default = "npm_typescript"),
            "version": attr.string(),
            "version_from": attr.label(),
        }),
    },
)
ext = typescript
