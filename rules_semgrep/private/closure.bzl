"""The first-party sources that a target is made of, by an aspect."""

SemgrepClosureInfo = provider(
    "What a target is made of.",
    fields = {
        "sources": "depset of source Files of all repositories; see first_party",
        "external": "depset of Labels of targets of other repositories than the main one, by which packages of other ecosystems are found",
        "npm": "depset of Labels of npm links (`node_modules/<package>`) that the closure depends on",
    },
)

# By the names that rules of all languages give them: libraries and programs, then what images are made of.
_EDGES = [
    "actual",
    "assets",
    "data",
    "deps",
    "embed",
    "entry_point",
    "main",
    "src",
    "srcs",
    "types",
] + [
    "binary",
    "bundle",
    "image",
    "images",
    "layers",
    "tars",
]

def _closure_impl(target, ctx):
    direct, below = [], []
    for name in _EDGES:
        value = getattr(ctx.rule.attr, name, None)
        if value == None:
            continue
        direct.extend([file for file in getattr(ctx.rule.files, name, []) if file.is_source])
        targets = value if type(value) == "list" else [value]
        below.extend([dep[SemgrepClosureInfo] for dep in targets if type(dep) == "Target" and SemgrepClosureInfo in dep])
    linked = [target.label] if "node_modules/" in target.label.name else []
    external = [target.label] if target.label.repo_name else []
    return [SemgrepClosureInfo(
        external = depset(external, transitive = [info.external for info in below]),
        npm = depset(linked, transitive = [info.npm for info in below]),
        sources = depset(direct, transitive = [info.sources for info in below]),
    )]

semgrep_closure = aspect(
    _closure_impl,
    doc = "Collects the source files of a target and of all that it depends on.",
    attr_aspects = _EDGES,
)

def first_party(info, label):
    """The sources of a closure that are of the same repository as a target.

    Args:
      info: a SemgrepClosureInfo
      label: the target's Label
    Returns:
      a list of Files
    """
    return [file for file in info.sources.to_list() if file.owner.repo_name == label.repo_name]
