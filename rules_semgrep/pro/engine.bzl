"""The Pro engine beside the one that it belongs to, and what a scan that wants it is given."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")
load("//private:toolchain.bzl", "TOOLCHAIN", "semgrep_of")
load(":toolchain.bzl", "PRO_TOOLCHAIN")

SemgrepProInfo = provider(
    "The Pro engine, or why there is none.",
    fields = {
        "absent": "why there is none; empty when there is one",
        "folder": "File of a folder with semgrep-core, its libraries and semgrep-core-proprietary; None when there is none",
    },
)

_UNREGISTERED = "no Pro toolchain is registered (docs/pro.md of rules_semgrep says how)"

# It asks whether it was installed for this semgrep-core, and both want the same libraries.
_COLLECT = """\
set -eu
mkdir -p "$3"
cp -RL "$1/." "$3"
chmod -R u+w "$3"
cp -L "$2" "$3/semgrep-core-proprietary"
chmod 755 "$3/semgrep-core-proprietary"
printf %s "$4" > "$3/pro-installed-by.txt"
"""

def _pro_engine_impl(ctx):
    pro = ctx.toolchains[PRO_TOOLCHAIN]
    if pro == None or pro.binary == None:
        return [SemgrepProInfo(absent = pro.absent if pro else _UNREGISTERED, folder = None)]
    semgrep = semgrep_of(ctx)
    if pro.version != semgrep.version:
        fail("{}: the Pro engine is {}, semgrep-core is {}; expected one version: set that of semgrep.pro in MODULE.bazel".format(
            ctx.label,
            pro.version,
            semgrep.version,
        ))
    folder = ctx.actions.declare_directory(ctx.label.name)
    ctx.actions.run_shell(
        mnemonic = "SemgrepPro",
        progress_message = "Putting the Pro engine beside semgrep-core",
        command = _COLLECT,
        arguments = [semgrep.path.removesuffix("/semgrep-core"), pro.binary.path, folder.path, pro.version],
        inputs = depset([pro.binary], transitive = [semgrep.files]),
        outputs = [folder],
        # Its licence does not let others have it: it stays on this machine.
        execution_requirements = {"no-remote-cache": "", "no-remote-exec": ""},
    )
    return [DefaultInfo(files = depset([folder])), SemgrepProInfo(absent = "", folder = folder)]

semgrep_pro_engine = rule(
    _pro_engine_impl,
    doc = "The Pro engine of the registered toolchain, if there is one. Scans with `pro` depend on it; others never ask for it.",
    toolchains = [TOOLCHAIN, config_common.toolchain_type(PRO_TOOLCHAIN, mandatory = False)],
)

def _engine_of(pro):
    return Label("//pro:engine") if pro else None

# What a scan adds to its attributes.
PRO = {
    "pro": attr.string(
        doc = """Scans with the Pro engine: `intrafile` follows values across functions of a file, `interfile` across the files of the test.
Without that engine the test is skipped, and says so; see docs/pro.md.""",
        values = ["", "intrafile", "interfile"],
    ),
    "interfile_timeout": attr.int(doc = "Seconds for the whole analysis across files.", default = 10800),
    "require_pro": attr.bool(doc = "Fail instead of skipping when there is no Pro engine; as `--@rules_semgrep//pro:require_pro` does for all."),
    "_pro_engine": attr.label(default = _engine_of, cfg = "exec", providers = [SemgrepProInfo]),
    "_require_pro": attr.label(default = "//pro:require_pro", providers = [BuildSettingInfo]),
}

def pro_absent(ctx):
    """Why a scan cannot be done.

    Args:
      ctx: the context of a rule with the attributes PRO
    Returns:
      a string; empty when the scan can be done
    """
    return ctx.attr._pro_engine[SemgrepProInfo].absent if ctx.attr.pro else ""

def pro_required(ctx):
    """Whether a scan that cannot be done fails.

    Args:
      ctx: the context of a rule with the attributes PRO
    Returns:
      a bool
    """
    return ctx.attr.require_pro or ctx.attr._require_pro[BuildSettingInfo].value

def pro_folder(ctx):
    """The folder of the Pro engine.

    Args:
      ctx: the context of a rule with the attributes PRO
    Returns:
      a File, or None when the scan does not want it
    """
    return ctx.attr._pro_engine[SemgrepProInfo].folder if ctx.attr.pro else None
