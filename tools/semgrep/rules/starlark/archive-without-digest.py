# ruleid: archive-without-digest
http_archive(
    name = "zlib",
    urls = ["file:///zlib.tar.gz"],
)
# ruleid: archive-without-digest
rctx.download_and_extract(url = rctx.attr.url, output = "out")
# ruleid: archive-without-digest
git_override(module_name = "rules_pkg", remote = REMOTE, branch = "main")
# ruleid: archive-without-digest
http_file(name = "towns", url = URL)
# ok: archive-without-digest
http_archive(name = "zlib", sha256 = "9f86d081", urls = ["file:///zlib.tar.gz"])
# ok: archive-without-digest
rctx.download(url = rctx.attr.url, output = "out", integrity = rctx.attr.integrity)
# ok: archive-without-digest
git_override(module_name = "rules_pkg", remote = REMOTE, commit = "08c6903cd8c0fde910a37f88322edcfb5dd907a8")
# ok: archive-without-digest
http_archive(name = "zlib", **pinned)
# ok: archive-without-digest
local_path_override(module_name = "rules_helm", path = "rules_helm")
