"""The files of a base for one architecture, and the archive that is its layer."""

load(":fetch.bzl", "fetch_debs")

_HEADER = """\
load("@rules_pkg//pkg:mappings.bzl", "pkg_attributes", "pkg_files", "pkg_mkdirs", "pkg_mklink", "strip_prefix")
load("@rules_pkg//pkg:tar.bzl", "pkg_tar")

package(default_visibility = ["//visibility:public"])

exports_files(glob(["root/**"]))
"""

_FILES = """
pkg_files(
    name = "{name}",
    srcs = {srcs},
    attributes = pkg_attributes(mode = "{mode}"),
    strip_prefix = strip_prefix.from_pkg("root"),
)
"""

_DIRS = """
pkg_mkdirs(
    name = "{name}",
    dirs = {dirs},
    attributes = pkg_attributes(mode = "{mode}"),
)
"""

_LINK = """
pkg_mklink(
    name = "{name}",
    link_name = "{link}",
    target = "{target}",
)
"""

_LAYER = """
pkg_tar(
    name = "layer",
    srcs = {srcs},
)
"""

def _list(labels):
    return "[\n" + "".join(["        {},\n".format(json.encode(label)) for label in labels]) + "    ]"

def _accounts(rctx, config):
    """Writes the files that name users and say where names are looked up."""
    users = [{"gid": 0, "homedir": "/root", "uid": 0, "username": "root"}] + config["users"]
    groups = [{"gid": 0, "groupname": "root"}] + config["groups"]
    files = {
        "etc/group": ["{}:x:{}:".format(group["groupname"], int(group["gid"])) for group in groups],
        "etc/nsswitch.conf": ["passwd: files", "group: files", "hosts: files dns"],
        "etc/passwd": ["{}:x:{}:{}::{}:/usr/sbin/nologin".format(user["username"], int(user["uid"]), int(user["gid"]), user["homedir"]) for user in users],
    }
    for path, lines in files.items():
        rctx.file("root/" + path, "\n".join(lines) + "\n", executable = False)
    return files.keys()

def _build_file(rctx, listing, config):
    """The BUILD file that makes a layer of the listed files; every folder has an entry, so that its mode is ours."""
    found = {"dir": [], "file": [], "program": []}
    links = {}
    for line in listing:
        kind, path = line.split(" ")[:2]
        if kind == "link":
            links[path] = line.split(" ", 2)[2]
        else:
            found[kind].append(path)

    modes = {}
    for path in config["paths"]:
        where = path["path"].strip("/")
        if path["type"] == "directory":
            modes[where] = path["permissions"]
        else:
            target = path["source"]
            folder = where.rpartition("/")[0]
            if rctx.path("root/{}".format("/".join([part for part in [folder, target] if part]))).exists:
                links[where] = target

    parts = []
    text = _HEADER
    for name, kind, mode in [("files", "file", "0644"), ("programs", "program", "0755")]:
        if found[kind]:
            text += _FILES.format(name = name, srcs = _list(["root/" + path for path in found[kind]]), mode = mode)
            parts.append(name)
    folders = {"0755": [path for path in found["dir"] if path not in modes]}
    for path, mode in modes.items():
        folders.setdefault(mode, []).append(path)
    for mode, paths in folders.items():
        if paths:
            text += _DIRS.format(name = "folders_" + mode, dirs = _list(sorted(paths)), mode = mode)
            parts.append("folders_" + mode)
    for i, (link, target) in enumerate(sorted(links.items())):
        text += _LINK.format(name = "link_{}".format(i), link = link, target = target)
        parts.append("link_{}".format(i))
    return text + _LAYER.format(srcs = _list([":" + part for part in parts]))

def _debian_root_impl(rctx):
    lock = json.decode(rctx.read(rctx.attr.lock))
    config = lock["config"]
    debs = fetch_debs(rctx, config["suite"], rctx.attr.architecture, lock["packages"][rctx.attr.architecture])
    root = str(rctx.path("root"))
    result = rctx.execute([rctx.path(rctx.attr._unpack), root] + config["exclude"] + ["--"] + debs)
    if result.return_code:
        rctx.delete("root")
        fail("image base {}: cannot unpack its packages ({}): {}".format(rctx.attr.base, rctx.attr.architecture, result.stderr))
    listing = [line for line in result.stdout.split("\n") if line]
    if config["users"]:
        listing = listing + ["file " + path for path in _accounts(rctx, config)]
    rctx.file("BUILD.bazel", _build_file(rctx, listing, config), executable = False)

debian_root = repository_rule(
    _debian_root_impl,
    doc = "Unpacks the Debian packages of a lock for one architecture; `:layer` is the archive, `root/...` are its files.",
    attrs = {
        "architecture": attr.string(mandatory = True, doc = "As Debian names it."),
        "base": attr.string(mandatory = True, doc = "The base's name, for messages."),
        "lock": attr.label(mandatory = True, doc = "The base's lock."),
        "_apt": attr.label(default = Label("//tools/image/private:apt.sh")),
        "_unpack": attr.label(default = Label("//tools/image/private:unpack.sh")),
    },
)

_ALIAS = """
alias(
    name = "{name}",
    actual = select({{
        "@platforms//cpu:arm64": "@base_{base}_arm64//:{target}",
        "@platforms//cpu:x86_64": "@base_{base}_amd64//:{target}",
    }}),
    visibility = ["//visibility:public"],
)
"""

def _image_bases_impl(rctx):
    configs = {}
    for base, lock in rctx.attr.locks.items():
        config = json.decode(lock)
        configs[base] = config
        names = {"layer": "layer"} | {path.split("/")[-1]: "root/" + path for path in config["programs"]}
        rctx.file(base + "/BUILD.bazel", "".join([
            _ALIAS.format(base = base, name = name, target = target)
            for name, target in names.items()
        ]), executable = False)
    rctx.file("BUILD.bazel", "", executable = False)
    rctx.file("bases.bzl", '"""What the bases say of themselves."""\n\nBASES = json.decode({})\n'.format(repr(json.encode(configs))), executable = False)

image_bases = repository_rule(
    _image_bases_impl,
    doc = "One repository to name all bases by: `//<base>:layer` for the target platform, and `bases.bzl` with their configuration.",
    attrs = {"locks": attr.string_dict(mandatory = True, doc = "From base to its configuration as JSON.")},
)
