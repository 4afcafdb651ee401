"""Fetches one archive with the machine's own npm or pip and checks it against the lock."""

_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_HEX = "0123456789abcdef"

_INSTALL = {
    "npm": "install Node.js with npm (Debian, Ubuntu: `apt install npm`; macOS: `brew install node`)",
    "pip": "install pip (Debian, Ubuntu: `apt install python3-pip`; macOS: `brew install python`)",
}

def parse_digest(digest):
    """Reads a digest in the form in which its registry prints it.

    Args:
        digest: npm's `sha512-<base64>` or PyPI's `sha256:<hex>`.

    Returns:
        A pair: the algorithm's name, and the digest in lower case hex.
    """
    if ":" in digest:
        algorithm, _, hexadecimal = digest.partition(":")
        return algorithm, hexadecimal
    algorithm, _, encoded = digest.partition("-")
    bits = 0
    held = 0
    nibbles = []
    for char in encoded.rstrip("=").elems():
        held = held * 64 + _BASE64.index(char)
        bits += 6
        for _ in range(2):
            if bits >= 4:
                bits -= 4
                nibbles.append(_HEX[held >> bits])
                held = held & ((1 << bits) - 1)
    whole = len(nibbles) - len(nibbles) % 2
    return algorithm, "".join(nibbles[:whole])

def print_digest(algorithm, hexadecimal, like):
    """The inverse of parse_digest.

    Args:
        algorithm: `sha256` or `sha512`.
        hexadecimal: the digest in lower case hex.
        like: a digest in the form to print in.

    Returns:
        The digest in that form.
    """
    if ":" in like:
        return algorithm + ":" + hexadecimal
    padded = hexadecimal + "0" * (-len(hexadecimal) % 3)
    encoded = []
    for start in range(0, len(padded), 3):
        value = int(padded[start:start + 3], 16)
        encoded.append(_BASE64[value >> 6] + _BASE64[value & 63])
    text = "".join(encoded)[:(len(hexadecimal) * 4 + 5) // 6]
    return algorithm + "-" + text + "=" * (-len(text) % 4)

def cache_folder(rctx):
    """The folder in the user's cache that every clone on this machine shares.

    Args:
        rctx: the repository rule's context.

    Returns:
        An absolute path as a string; it may not exist yet.
    """
    base = rctx.getenv("XDG_CACHE_HOME")
    if not base:
        home = rctx.getenv("HOME")
        if not home:
            fail("The tool lock needs a folder to keep downloads in, and neither XDG_CACHE_HOME nor HOME is set. Set one of them.")
        base = home + "/.cache"
    return base + "/homelab/tools"

def find_program(rctx, *names):
    """The first of some programs that is on PATH.

    Args:
        rctx: the repository rule's context.
        *names: the programs' names.

    Returns:
        A path, or None.
    """
    for name in names:
        found = rctx.which(name)
        if found:
            return found
    return None

def file_digest(rctx, algorithm, path):
    """The digest of a file.

    Args:
        rctx: the repository rule's context.
        algorithm: `sha256` or `sha512`.
        path: the file.

    Returns:
        Lower case hex.
    """
    program = find_program(rctx, algorithm + "sum", "shasum")
    if not program:
        fail("The tool lock needs {}sum (GNU coreutils) or shasum on PATH to check a download, and found neither.".format(algorithm))
    arguments = [program, path] if program.basename != "shasum" else [program, "-a", algorithm[3:], path]
    result = rctx.execute(arguments)
    if result.return_code != 0:
        fail("The tool lock could not read {}: {}".format(path, result.stderr.strip()))

    # sha256sum marks a name that needs escaping with a leading backslash.
    return result.stdout.lstrip("\\").split(" ")[0]

def last_lines(text, count = 6):
    """The end of what a program said, indented for a message.

    Args:
        text: what it said.
        count: how many lines to keep.

    Returns:
        The lines as one string.
    """
    return "\n".join(["    " + line for line in text.strip().split("\n")[-count:]])

def _client(rctx, tool, client):
    program = find_program(rctx, "npm") if client == "npm" else find_program(rctx, "pip3", "pip")
    if program:
        return program
    fail("\n".join([
        "",
        "tool lock: cannot fetch {}".format(tool),
        "  what happened: {} is not on PATH".format(client),
        "  what to do:    {}".format(_INSTALL[client]),
    ]))

def _download(rctx, tool, client, package, version, wheel_platform):
    rctx.file("download/.keep")
    if client == "npm":
        spec = "{}@{}".format(package, version)
        command = [_client(rctx, tool, "npm"), "pack", "--silent", "--ignore-scripts", spec]
    else:
        spec = "{}=={}".format(package, version)
        command = [_client(rctx, tool, "pip"), "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", "."]
        if wheel_platform:
            command += ["--platform", wheel_platform]
        command.append(spec)
    result = rctx.execute(command, working_directory = "download", timeout = 1800)
    files = [entry for entry in rctx.path("download").readdir(watch = "no") if entry.basename != ".keep"]
    if result.return_code == 0 and len(files) == 1:
        return files[0]
    fail("\n".join([
        "",
        "tool lock: cannot fetch {} ({} from {})".format(tool, spec, "npm" if client == "npm" else "PyPI"),
        "  what happened: `{}` ended with status {} and left {} files; it said:".format(
            " ".join([command[0].basename] + command[1:]),
            result.return_code,
            len(files),
        ),
        last_lines(result.stderr or result.stdout or "nothing"),
        "  what to do:    check the network, the disk and the client's configuration, then run the command again;",
        "                 nothing was kept of this attempt",
    ]))

def fetch(rctx, *, tool, client, package, version, digest, wheel_platform = ""):
    """Returns the path of an archive whose digest is the lock's.

    It is looked for in the user's cache first; what lies there is trusted only after its digest
    was computed, and is fetched again when that is wrong.

    Args:
        rctx: the repository rule's context.
        tool: the tool's name in the lock, for messages.
        client: `npm` or `pypi`.
        package: the package's name at the registry.
        version: its exact version.
        digest: `sha512-<base64>` or `sha256:<hex>`.
        wheel_platform: for PyPI, the platform tag to ask for.

    Returns:
        The absolute path of the archive in the user's cache.
    """
    algorithm, expected = parse_digest(digest)
    folder = cache_folder(rctx)
    cached = "{}/{}-{}.{}".format(folder, algorithm, expected, "tgz" if client == "npm" else "zip")
    if rctx.path(cached).exists:
        if file_digest(rctx, algorithm, cached) == expected:
            return cached
        rctx.delete(cached)

    archive = _download(rctx, tool, client, package, version, wheel_platform)
    found = file_digest(rctx, algorithm, str(archive))
    if found != expected:
        rctx.delete("download")
        fail("\n".join([
            "",
            "tool lock: the download of {} is not what tools/tools.lock.json says".format(tool),
            "  package:    {} {} ({})".format(package, version, client),
            "  expected:   {}".format(digest),
            "  found:      {}".format(print_digest(algorithm, found, digest)),
            "  what to do: do not use this file. If the lock was edited by hand, run `bazel run //tools/lock:update -- {}`;".format(tool.split("_")[0]),
            "              if it was not, the registry or a mirror serves something else than when it was locked",
        ]))

    partial = "{}.{}".format(cached, rctx.name.replace("/", "_"))
    kept = rctx.execute(["sh", "-c", 'mkdir -p "$1" && cp "$2" "$3.$$" && mv "$3.$$" "$4" || { rm -f "$3.$$"; exit 1; }', "keep", folder, str(archive), partial, cached])
    if kept.return_code != 0:
        fail("\n".join([
            "",
            "tool lock: cannot keep {} in {}".format(tool, folder),
            "  what happened: {}".format(kept.stderr.strip()),
            "  what to do:    make room or make the folder writable (XDG_CACHE_HOME moves it)",
        ]))
    rctx.delete("download")
    return cached
