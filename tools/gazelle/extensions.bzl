"""The Gazelle extensions of rulesets: a ruleset that writes BUILD rules is registered here, and nowhere else."""

# Each is one module that exports `extension`, an object of the shape in extension.ts: bundled, or TypeScript that imports types only.
EXTENSIONS = [
    "//operators/sextant:gazelle_extension",
    "@rules_helm//gazelle:extension",
    "@rules_semgrep//gazelle:extension",
    "@rules_wrangler//gazelle:extension",
]

EXTENSIONS_ENV = {"GAZELLE_EXTENSIONS": " ".join(["$(rootpath {})".format(label) for label in EXTENSIONS])}
