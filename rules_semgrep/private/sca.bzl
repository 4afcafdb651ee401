"""Checks of dependencies: what lockfiles hold of a target's closure, compared with advisories."""

load(":closure.bzl", "SemgrepClosureInfo", "first_party", "semgrep_closure")
load(":engine.bzl", "engine_action")
load(":toolchain.bzl", "check", "name_of")

SemgrepDependenciesInfo = provider(
    "What the actions of a check of dependencies made.",
    fields = {
        "packages": "File: the packages of the closure; the same bytes when other packages of the lockfiles change",
        "matches": "File: what advisories say of them; the same bytes when other advisories change",
        "placed": "File: matches with the lines of the lockfiles; what a test reads",
    },
)

# What a rule adds to its attributes to check dependencies.
DEPENDENCIES = {
    "_sca": attr.label(default = "//engine:sca.mjs", allow_single_file = True, cfg = "exec"),
    "lockfiles": attr.label_list(
        doc = """Lockfiles: pnpm-lock.yaml, package-lock.json, npm-shrinkwrap.json, yarn.lock, uv.lock, poetry.lock, *requirements*.txt, Pipfile.lock,
go.mod with go.sum, *maven_install.json, gradle.lockfile, pom.xml. Another kind is an error.""",
        allow_files = True,
    ),
    "advisories": attr.label_list(
        doc = "OSV records and rules of semgrep with `r2c-internal-project-depends-on`, as YAML or JSON.",
        allow_files = [".yaml", ".yml", ".json"],
    ),
    "exclude_advisories": attr.string_dict(
        doc = "Ids of advisories, or their aliases, that do not count here, each with the reason. An id that no advisory has is an error.",
    ),
    "fail_unreachable": attr.bool(
        doc = "Whether an affected version fails the test when the advisory has a pattern and no source of the closure matches it.",
        default = True,
    ),
}

TARGET = {
    "target": attr.label(
        doc = "Only packages that it depends on are checked, and calls are looked for in its first-party sources. Without it all packages are.",
        aspects = [semgrep_closure],
    ),
}

def dependencies_of(ctx, inputs_of):
    """Declares the actions of a check of dependencies.

    Args:
      ctx: the context of a rule with the attributes DEPENDENCIES and perhaps TARGET
      inputs_of: function from ctx, Files and a function from a File to its path, to a list of dicts: path, name
    Returns:
      a SemgrepDependenciesInfo
    """
    check(ctx, "lockfiles", ctx.files.lockfiles, "at least one lockfile", ctx.attr.lockfiles)
    check(ctx, "advisories", ctx.files.advisories, "at least one file of advisories", ctx.attr.advisories)
    empty = [name for name, reason in ctx.attr.exclude_advisories.items() if not reason.strip()]
    check(ctx, "exclude_advisories", not empty, "a reason for each advisory", empty)
    packages = ctx.actions.declare_file(ctx.label.name + ".packages.json")
    matches = ctx.actions.declare_file(ctx.label.name + ".matches.json")
    placed = ctx.actions.declare_file(ctx.label.name + ".dependencies.json")
    label = name_of(ctx.label)
    engine_action(
        ctx,
        command = "sca-packages",
        inputs = ctx.files.lockfiles,
        mnemonic = "SemgrepPackages",
        outputs = [packages],
        params = {
            "closure": _closure(ctx),
            "label": label,
            "lockfiles": inputs_of(ctx, ctx.files.lockfiles, _path),
            "out": packages.path,
        },
        program = ctx.file._sca,
        progress_message = "Reading lockfiles for %{label}",
    )
    engine_action(
        ctx,
        command = "sca-matches",
        inputs = [packages] + ctx.files.advisories,
        mnemonic = "SemgrepAdvisories",
        outputs = [matches],
        params = {
            "advisories": inputs_of(ctx, ctx.files.advisories, _path),
            "excluded": sorted(ctx.attr.exclude_advisories.keys()),
            "label": label,
            "out": matches.path,
            "packages": packages.path,
        },
        program = ctx.file._sca,
        progress_message = "Comparing packages with advisories for %{label}",
    )
    engine_action(
        ctx,
        command = "sca-places",
        inputs = [matches] + ctx.files.lockfiles,
        mnemonic = "SemgrepPlaces",
        outputs = [placed],
        params = {
            "lockfiles": inputs_of(ctx, ctx.files.lockfiles, _path),
            "matches": matches.path,
            "out": placed.path,
        },
        program = ctx.file._sca,
        progress_message = "Finding places in lockfiles for %{label}",
    )
    return SemgrepDependenciesInfo(matches = matches, packages = packages, placed = placed)

def dependency_params(ctx, dependencies, path):
    """The parameters of the engine that a check of dependencies adds.

    Args:
      ctx: the rule's context
      dependencies: a SemgrepDependenciesInfo
      path: function from a File to where it is
    Returns:
      a dict
    """
    return {
        "dependencies": path(dependencies.placed),
        "excluded": ctx.attr.exclude_advisories,
        "failUnreachable": ctx.attr.fail_unreachable,
    }

def sources_of_target(ctx):
    """The first-party sources of the attribute `target`.

    Args:
      ctx: the context of a rule with the attribute TARGET
    Returns:
      a list of Files
    """
    target = ctx.attr.target
    return first_party(target[SemgrepClosureInfo], target.label) if target else []

def _closure(ctx):
    if not ctx.attr.target:
        return None
    own = ctx.attr.target.label.repo_name
    closure = ctx.attr.target[SemgrepClosureInfo]
    labels = closure.npm.to_list() + [label for label in closure.external.to_list() if label.repo_name != own]
    return [{
        "name": label.name,
        "package": label.package,
        "repository": "" if label.repo_name == own else label.repo_name,
    } for label in labels]

def _path(file):
    return file.path
