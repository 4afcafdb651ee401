"""Debian packages by digest: from the user's cache, else through the machine's own apt."""

def _message(title, **lines):
    width = max([len(name) for name in lines]) + 2
    fail("\n".join(["", title] + [
        "  {}:{}{}".format(name.replace("_", " "), " " * (width - len(name) - 1), text)
        for name, text in lines.items()
    ]))

def _sha256(rctx, path):
    tool = ["shasum", "-a", "256"] if rctx.os.name.lower().startswith("mac") else ["sha256sum"]
    result = rctx.execute(tool + [path])
    if result.return_code:
        fail("image base: cannot read {}: {}".format(path, result.stderr))
    return result.stdout.split(" ")[0].removeprefix("\\")

def _cache_folder(rctx):
    base = rctx.getenv("XDG_CACHE_HOME") or "{}/.cache".format(rctx.getenv("HOME") or "/var/empty")
    return base + "/homelab/debs"

def _download(rctx, suite, architecture, packages):
    """Fetches packages with one call of apt; gives the folder that holds them."""
    specs = ["{}={}".format(package["name"], package["version"]) for package in packages]
    rctx.file("debs/.keep")
    result = rctx.execute(
        [rctx.path(rctx.attr._apt), str(rctx.path("apt")), suite, architecture, "apt-get", "-qq", "download"] + specs,
        environment = {"HOMELAB_DEBIAN_MIRROR": rctx.getenv("HOMELAB_DEBIAN_MIRROR") or "", "HOMELAB_DEBIAN_TRUSTED": "1"},
        timeout = 1800,
        working_directory = "debs",
    )
    rctx.delete("apt")
    if result.return_code:
        said = [line for line in (result.stderr or result.stdout).strip().split("\n")][-6:]
        _message(
            "image base {}: cannot fetch {} from Debian {} ({})".format(rctx.attr.base, ", ".join(specs), suite, architecture),
            what_happened = "apt ended with status {} and said:\n    {}".format(result.return_code, "\n    ".join(said)),
            what_to_do = "where a version is gone from the suite, run `bazel run //tools/image:lock`; else check the network and the disk. " +
                         "Nothing was kept of this attempt",
        )
    return rctx.path("debs")

def fetch_debs(rctx, suite, architecture, packages):
    """Gives the paths of packages, each with the digest that the lock says.

    Args:
      rctx: context of a repository rule with the attributes `base` and `_apt`
      suite: the Debian suite
      architecture: as Debian names it
      packages: dicts with name, version, sha256 and size, from the lock
    Returns:
      their absolute paths in the user's cache, in the same order
    """
    cache = _cache_folder(rctx)
    cached = {package["sha256"]: "{}/{}".format(cache, package["sha256"]) for package in packages}
    missing = [
        package
        for package in packages
        if not rctx.path(cached[package["sha256"]]).exists or _sha256(rctx, cached[package["sha256"]]) != package["sha256"]
    ]
    if missing:
        folder = _download(rctx, suite, architecture, missing)
        files = {file.basename.split("_")[0]: file for file in folder.readdir(watch = "no")}
        for package in missing:
            name = package["name"]
            found = _sha256(rctx, str(files[name])) if name in files else "no file"
            if found != package["sha256"]:
                rctx.delete("debs")
                _message(
                    "image base {}: the package {} is not what the lock says".format(rctx.attr.base, name),
                    version = "{} ({}, Debian {})".format(package["version"], architecture, suite),
                    expected = package["sha256"],
                    found = found,
                    what_to_do = "do not use it. If the lock was edited by hand, run `bazel run //tools/image:lock`; else the mirror serves something else than when it was locked",
                )
            kept = rctx.execute(
                ["sh", "-c", 'mkdir -p "$1" && cp "$2" "$3.$$" && mv "$3.$$" "$3" || { rm -f "$3.$$"; exit 1; }', "keep", cache, str(files[name]), cached[found]],
            )
            if kept.return_code:
                _message(
                    "image base {}: cannot keep the package {} in {}".format(rctx.attr.base, name, cache),
                    what_happened = kept.stderr.strip(),
                    what_to_do = "make room, or make the folder writable (XDG_CACHE_HOME moves it)",
                )
        rctx.delete("debs")
    return [cached[package["sha256"]] for package in packages]
