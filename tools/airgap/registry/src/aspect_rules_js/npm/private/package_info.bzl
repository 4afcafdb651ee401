"""The providers of npm packages, with the fields of the real ones."""

NpmPackageInfo = provider(
    doc = "A folder that can be linked as an npm package.",
    fields = {
        "package": "its name",
        "version": "its version",
        "src": "the folder, a tree artifact",
        "npm_package_store_infos": "depset of NpmPackageStoreInfo: the packages that it depends on",
    },
)

NpmPackageStoreInfo = provider(
    doc = "A package in node_modules/.aspect_rules_js.",
    fields = {
        "key": "name@version",
        "root_package": "the Bazel package that holds node_modules/.aspect_rules_js",
        "package": "its name",
        "version": "its version",
        "ref_deps": "always empty: links are strings here, so that packages may depend on each other in a circle",
        "package_store_directory": "the tree artifact of its files, or the link to the folder of a package of this workspace",
        "files": "depset of its own files and links",
        "transitive_files": "depset of its files and those of all packages that it needs",
    },
)
