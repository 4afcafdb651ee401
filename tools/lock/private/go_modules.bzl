"""A repository with the modules that one Go tool is built from, in the layout of a module proxy."""

load(":download.bzl", "cache_folder", "file_digest", "find_program", "last_lines")

_BUILD_FILE = """\
filegroup(
    name = "modules",
    srcs = glob(["proxy/**"]),
    visibility = ["//visibility:public"],
)
"""

_SUMS = "SHA256SUMS"

def _word_after(text, mark):
    """The first word behind each `mark` in what `go mod download -json` said, newlines and tabs escaped as in JSON."""
    for escape in ["\\n", "\\t", "\n", "\t", '"']:
        text = text.replace(escape, " ")
    words = [word for word in text.split(" ") if word]
    return [words[at + 1] for at in range(len(words) - 1) if words[at] == mark]

def _mismatch(rctx, said):
    found = _word_after(said, "downloaded:")
    expected = _word_after(said, "go.sum:")
    module = _word_after(said, "verifying")
    return "\n".join([
        "",
        "tool lock: the download of {} is not what tools/lock/go/{}/go.sum says".format(rctx.attr.tool, rctx.attr.tool),
        "  module:     {}".format(module[0].rstrip(":") if module else "see below"),
        "  expected:   {}".format(expected[0] if expected else "see below"),
        "  found:      {}".format(found[0] if found else last_lines(said)),
        "  what to do: do not use this module. If go.sum was edited by hand, run `bazel run //tools/lock:update -- {}`;".format(rctx.attr.tool),
        "              if it was not, the module proxy serves something else than when it was locked",
    ])

def _download(rctx, proxy):
    go = rctx.path(rctx.attr.go)
    rctx.file("download/.keep")
    result = rctx.execute(
        [go, "mod", "download", "-json"],
        environment = {
            "GOFLAGS": "-modcacherw",
            "GOMODCACHE": str(rctx.path("download")),
            "GOPATH": str(rctx.path("download")),
            "GOROOT": str(go.dirname.dirname),
            "GOTOOLCHAIN": "local",
            "GOWORK": "off",
        },
        timeout = 1800,
    )
    said = result.stdout + result.stderr
    if "checksum mismatch" in said:
        rctx.delete("download")
        fail(_mismatch(rctx, said))
    if result.return_code != 0:
        rctx.delete("download")
        errors = [line for line in said.split("\n") if '"Error"' in line or line.startswith("go:")]
        fail("\n".join([
            "",
            "tool lock: cannot fetch the modules of {}".format(rctx.attr.tool),
            "  what happened: `go mod download` ended with status {}; it said:".format(result.return_code),
            last_lines("\n".join(errors) or said),
            "  what to do:    check the network, the disk and GOPROXY (`go env GOPROXY`), then run the command again;",
            "                 nothing was kept of this attempt",
        ]))

    folder = str(rctx.path("download/cache/download")) + "/"
    files = []
    for module in json.decode("[" + result.stdout.strip().replace("\n}\n{", "\n},\n{") + "]"):
        files += [module["Zip"].removeprefix(folder), module["GoMod"].removeprefix(folder)]
    rctx.file("files", "\n".join(sorted(files)) + "\n")

    sum = find_program(rctx, "sha256sum", "shasum")
    checksum = "shasum -a 256" if sum.basename == "shasum" else "sha256sum"
    kept = rctx.execute(["sh", "-c", """
set -e
work=$2.$$
trap 'rm -rf "$work"' EXIT
while IFS= read -r file; do
  mkdir -p "$work/${file%/*}"
  cp "$1/$file" "$work/$file"
done <files
(cd "$work" && xargs """ + checksum + """ >""" + _SUMS + """) <files
rm -rf "$2"
mv "$work" "$2"
""", "keep", folder, proxy])
    rctx.delete("download")
    rctx.delete("files")
    if kept.return_code != 0:
        fail("\n".join([
            "",
            "tool lock: cannot keep the modules of {} in {}".format(rctx.attr.tool, proxy),
            "  what happened: {}".format(kept.stderr.strip()),
            "  what to do:    make room or make the folder writable (XDG_CACHE_HOME moves it)",
        ]))

def _whole(rctx, proxy):
    sums = proxy + "/" + _SUMS
    if not rctx.path(sums).exists:
        return False
    sum = find_program(rctx, "sha256sum", "shasum")
    arguments = ["-a", "256"] if sum.basename == "shasum" else []
    return rctx.execute([sum] + arguments + ["-c", _SUMS], working_directory = proxy).return_code == 0

def _go_modules_impl(rctx):
    go_sum = rctx.read(rctx.attr.go_sum)
    rctx.file("go.mod", rctx.read(rctx.attr.go_mod), executable = False)
    rctx.file("go.sum", go_sum, executable = False)
    locked = "{} {} {}\n".format(rctx.attr.module, rctx.attr.version, rctx.attr.digest)
    if locked not in go_sum:
        found = [line for line in go_sum.split("\n") if line.startswith("{} {} ".format(rctx.attr.module, rctx.attr.version))]
        fail("\n".join([
            "",
            "tool lock: tools/tools.lock.json and tools/lock/go/{}/go.sum disagree about {}".format(rctx.attr.tool, rctx.attr.tool),
            "  expected:   {} (tools.lock.json)".format(locked.strip()),
            "  found:      {} (go.sum)".format(found[0] if found else "no line for that module and version"),
            "  what to do: run `bazel run //tools/lock:update -- {}`".format(rctx.attr.tool),
        ]))

    rctx.file("key", rctx.read("go.mod") + go_sum)
    proxy = "{}/go-{}".format(cache_folder(rctx), file_digest(rctx, "sha256", str(rctx.path("key"))))
    if not _whole(rctx, proxy):
        _download(rctx, proxy)

    # Hard links cost nothing and outlive a cleared cache; another file system gets copies.
    linked = rctx.execute(["sh", "-c", 'cp -Rl "$1" proxy 2>/dev/null || { rm -rf proxy; cp -R "$1" proxy; }', "link", proxy])
    if linked.return_code != 0:
        fail("tool lock: cannot copy {} to {}: {}".format(proxy, rctx.path("proxy"), linked.stderr.strip()))
    for path in ["key", "proxy/" + _SUMS]:
        rctx.delete(path)
    rctx.file("BUILD.bazel", _BUILD_FILE)

go_modules = repository_rule(
    _go_modules_impl,
    doc = "Downloads the modules that one go.mod names, with the locked Go and the machine's GOPROXY, checked by go.sum.",
    attrs = {
        "tool": attr.string(mandatory = True, doc = "The tool's name in the lock, for messages."),
        "module": attr.string(mandatory = True, doc = "The module that holds the tool."),
        "version": attr.string(mandatory = True),
        "digest": attr.string(mandatory = True, doc = "That module's `h1:` sum; go.sum must say the same."),
        "go": attr.label(mandatory = True, doc = "The go command for this machine."),
        "go_mod": attr.label(mandatory = True),
        "go_sum": attr.label(mandatory = True),
    },
)
