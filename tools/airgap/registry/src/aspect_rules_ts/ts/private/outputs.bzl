"""The names of what tsc writes, from the names of its sources."""

_JS = {".cts": ".cjs", ".mts": ".mjs", ".ts": ".js", ".tsx": ".js"}
_DTS = {".cts": ".d.cts", ".mts": ".d.mts", ".ts": ".d.ts", ".tsx": ".d.ts"}

def _is_declaration(src):
    return src.endswith(".d.ts") or src.endswith(".d.mts") or src.endswith(".d.cts")

def _extension(src):
    for extension in (".tsx", ".mts", ".cts", ".ts"):
        if src.endswith(extension):
            return extension
    return None

def _of_sources(srcs, root_dir, emit_js, emit_dts, source_map, declaration_map):
    js, dts = [], []
    for label in srcs:
        src = str(label)
        if src.startswith("//") or src.startswith("@"):
            continue
        src = src.removeprefix(":")
        extension = _extension(src)
        if not extension or _is_declaration(src):
            continue
        stem = src.removesuffix(extension)
        if root_dir:
            stem = stem.removeprefix(root_dir + "/")
        if emit_js:
            js.append(stem + _JS[extension])
            if source_map:
                js.append(stem + _JS[extension] + ".map")
        if emit_dts:
            dts.append(stem + _DTS[extension])
            if declaration_map:
                dts.append(stem + _DTS[extension] + ".map")
    return struct(js = js, dts = dts)

outputs = struct(of_sources = _of_sources, is_declaration = _is_declaration)
