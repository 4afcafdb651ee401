# ruleid: glob-of-everything
filegroup(name = "all", srcs = glob(["**"]))
# ruleid: glob-of-everything
srcs = native.glob(["**/*"], allow_empty = True)
# ruleid: glob-of-everything
exports_files(glob(include = ["a.txt", "**"]))
# ok: glob-of-everything
srcs = native.glob(["**"], exclude = [".git/**"])
# ok: glob-of-everything
data = glob(["testdata/**"])
# ok: glob-of-everything
data = glob(["**/*.ts"])
