"""Builds Go tools from modules that lie on the disk."""

# What nearly every tool imports; the rest of the standard library is compiled with the tool that wants it.
_STD = [
    "archive/tar",
    "archive/zip",
    "database/sql",
    "encoding/gob",
    "encoding/xml",
    "expvar",
    "html/template",
    "log/slog",
    "net/http/httptest",
    "net/http/httputil",
    "net/http/pprof",
    "os/signal",
    "os/user",
    "testing",
]

# Go's build cache stamps each entry with the time; with one time for all the same build gives the same bytes.
_BUILD_STD = """
set -eu
root=$PWD
export GOROOT="$root/$1" GOCACHE="$root/$2"
work=$root/$2.work
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
export GOPATH=$work TMPDIR=$work
shift 2
cd "$work"
"$GOROOT/bin/go" build -trimpath "$@"
cd "$GOCACHE"
rm -f README trim.txt
find . -name '*-a' -exec sed -i.stamped 's/ [ 0-9]\\{20\\}$/                    1/' {} +
find . -name '*.stamped' -exec rm {} +
"""

_BUILD_TOOL = """
set -eu
root=$PWD
work=$root/$4.work
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/main" "$work/tmp"
cp "$1" "$2" "$work/main/"
cp -RL "$8" "$work/cache"
chmod -R u+w "$work/cache"
export GOPROXY="file://$root/$5"
export GOROOT="$root/$6"
export GOCACHE=$work/cache GOMODCACHE=$work/modules GOPATH=$work/path TMPDIR=$work/tmp
cd "$work/main"
if ! "$GOROOT/bin/go" build -trimpath -buildvcs=false -ldflags="$7" -o "$root/$4" "$3" 2>"$work/log"; then
  grep -v '^go: downloading ' "$work/log" >&2
  exit 1
fi
"""

_PLATFORM = {
    "goos": attr.string(mandatory = True),
    "goarch": attr.string(mandatory = True),
    "sdk": attr.label(mandatory = True, cfg = "exec", doc = "The files of a Go SDK."),
}

# Go starts as many compilers as there are cores; what it is booked as keeps Bazel from starting two at once on a small machine.
def _resources(_os, _inputs):
    return {"cpu": 2, "memory": 1800}

def _env(ctx):
    return {
        "CGO_ENABLED": "0",
        "GO111MODULE": "on",
        "GOARCH": ctx.attr.goarch,
        # The sandbox is made of links, which go:embed refuses otherwise; the index of packages would hold its paths.
        "GODEBUG": "embedfollowsymlinks=1,goindex=0",
        "GOENV": "off",
        "GOFLAGS": "-mod=readonly -modcacherw",
        "GOOS": ctx.attr.goos,
        "GOSUMDB": "off",
        "GOTELEMETRY": "off",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "PATH": "/usr/bin:/bin",
    }

def _goroot(ctx):
    go = [file for file in ctx.files.sdk if file.path.endswith("/go/bin/go")][0]
    return go.path.removesuffix("/bin/go")

def _go_std_impl(ctx):
    out = ctx.actions.declare_directory(ctx.label.name)
    ctx.actions.run_shell(
        mnemonic = "GoStd",
        progress_message = "Building Go's standard library for %{label}",
        command = _BUILD_STD,
        arguments = [_goroot(ctx), out.path] + _STD,
        tools = ctx.files.sdk,
        outputs = [out],
        env = _env(ctx),
        execution_requirements = {"block-network": ""},
        resource_set = _resources,
    )
    return [DefaultInfo(files = depset([out]))]

go_std = rule(
    _go_std_impl,
    doc = "A Go build cache with the common part of the standard library, so that each tool need not compile it anew.",
    attrs = _PLATFORM,
)

def _go_tool_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name)
    module = [file for file in ctx.files.modules if "/proxy/" in file.path][0]
    flags = ["-s", "-w"] + ["-X=%s=%s" % variable for variable in ctx.attr.variables.items()]
    ctx.actions.run_shell(
        mnemonic = "GoTool",
        progress_message = "Building %{label} from source",
        command = _BUILD_TOOL,
        arguments = [
            ctx.file.go_mod.path,
            ctx.file.go_sum.path,
            ctx.attr.package,
            out.path,
            module.path[:module.path.index("/proxy/") + len("/proxy")],
            _goroot(ctx),
            " ".join(flags),
            ctx.file.std.path,
        ],
        inputs = [ctx.file.go_mod, ctx.file.go_sum, ctx.file.std] + ctx.files.modules,
        tools = ctx.files.sdk,
        outputs = [out],
        env = _env(ctx),
        execution_requirements = {"block-network": ""},
        resource_set = _resources,
    )
    return [DefaultInfo(executable = out, files = depset([out]), runfiles = ctx.runfiles([out]))]

go_tool = rule(
    _go_tool_impl,
    doc = """Builds one command without network: every module comes from `modules` and is checked by go.sum again as Go unpacks it.

The binary is for the target platform, the compiler for the execution platform, so a tool can also go into an image.
""",
    attrs = _PLATFORM | {
        "package": attr.string(mandatory = True, doc = "The import path of the command."),
        "go_mod": attr.label(allow_single_file = ["go.mod"], mandatory = True),
        "go_sum": attr.label(allow_single_file = ["go.sum"], mandatory = True),
        "modules": attr.label(mandatory = True, doc = "Modules in the layout of a proxy."),
        "std": attr.label(allow_single_file = True, mandatory = True, doc = "A go_std."),
        "variables": attr.string_dict(doc = "String variables to set at link time: `<package>.<name>` to value."),
    },
    executable = True,
)
