"""What brings a semgrep.lock.json up to date, and the test that its files are what it says."""

load("//private:engine.bzl", "ENGINE", "TOOLCHAINS", "launcher")
load("//private:toolchain.bzl", "check")

_UPDATE = ENGINE | {
    "lock": attr.label(doc = "A semgrep.lock.json; see docs/update.md.", mandatory = True, allow_single_file = [".json"]),
    "_update": attr.label(default = "//update:update.mjs", allow_single_file = True, cfg = "exec"),
}

def _update_impl(ctx):
    check(ctx, "lock", ctx.file.lock.is_source and not ctx.file.lock.short_path.startswith("../"), "a file of the repository", ctx.attr.lock)
    made = launcher(ctx, [ctx.file._update.short_path, ctx.file.lock.short_path], [ctx.file._update])
    return [DefaultInfo(executable = made.executable, runfiles = made.runfiles)]

semgrep_update = rule(
    _update_impl,
    doc = """Fetches rule packs and advisories anew, and writes their files and digests. Nothing else in a build reaches the network for them.

```starlark
semgrep_update(
    name = "update",
    lock = "semgrep.lock.json",
)
```
`bazel run :update`, or `bazel run :update -- --engine 1.186.0` when semgrep-core has changed.
""",
    attrs = _UPDATE,
    executable = True,
    toolchains = TOOLCHAINS,
)

def _lock_test_impl(ctx):
    made = launcher(ctx, [ctx.file._update.short_path, "--check", ctx.file.lock.short_path], [ctx.file._update, ctx.file.lock] + ctx.files.files)
    return [DefaultInfo(executable = made.executable, runfiles = made.runfiles)]

semgrep_lock_test = rule(
    _lock_test_impl,
    doc = """Fails when a file of a semgrep.lock.json is not what it says: changed by hand, or gone.

```starlark
semgrep_lock_test(
    name = "lock_test",
    files = glob(["packs/*", "advisories/*"]),
    lock = "semgrep.lock.json",
)
```
""",
    attrs = _UPDATE | {
        "files": attr.label_list(doc = "The files that the lock names.", allow_files = True),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
