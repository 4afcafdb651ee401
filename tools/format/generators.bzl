"""The generators that //:format runs: a new one is a format_generator target and its label here."""

GENERATORS = [
    "//manifests:generator",
    "//operators/sextant:generator",
    "//tools/format:gazelle",
    "//tools/starlark-docs:generator",
]
