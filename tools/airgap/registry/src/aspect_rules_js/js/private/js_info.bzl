"""JsInfo, with the fields of the real provider."""

JsInfo = provider(
    doc = "JavaScript and TypeScript that other targets import.",
    fields = {
        "target": "Label of the target that made this",
        "sources": "depset of files to run",
        "types": "depset of files to type-check against",
        "transitive_sources": "sources of the target and all that it imports",
        "transitive_types": "types of the target and all that it imports",
        "npm_sources": "depset of files of the npm packages that the target and its dependencies import",
        "npm_package_store_infos": "depset of NpmPackageStoreInfo: the npm packages that are no development dependencies",
    },
)

def js_info(
        target,
        sources = None,
        types = None,
        transitive_sources = None,
        transitive_types = None,
        npm_sources = None,
        npm_package_store_infos = None):
    """Makes a JsInfo; what is not given is empty.

    Args:
      target: see JsInfo, as all others
      sources: depset or None
      types: depset or None
      transitive_sources: depset or None
      transitive_types: depset or None
      npm_sources: depset or None
      npm_package_store_infos: depset or None
    Returns:
      a JsInfo
    """
    if type(target) != "Label":
        fail("js_info: target has to be a Label, got a {}".format(type(target)))
    fields = dict(
        sources = sources,
        types = types,
        transitive_sources = transitive_sources,
        transitive_types = transitive_types,
        npm_sources = npm_sources,
        npm_package_store_infos = npm_package_store_infos,
    )
    for name, value in fields.items():
        if value == None:
            fields[name] = depset()
        elif type(value) != "depset":
            fail("js_info: {} has to be a depset, got a {}".format(name, type(value)))
    return JsInfo(target = target, **fields)
