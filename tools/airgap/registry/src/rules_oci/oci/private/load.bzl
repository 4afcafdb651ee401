"""oci_load: an image for a local container engine."""

load(":node.bzl", "TOOLCHAIN", "launcher", "rlocation", "run_script", "script")

def _oci_load_impl(ctx):
    tarball = ctx.actions.declare_file("{}/tarball.tar".format(ctx.label.name))
    args = ctx.actions.args()
    args.add("--format", ctx.attr.format)
    args.add_all([ctx.file.image], before_each = "--image", expand_directories = False)
    args.add("--tags", ctx.file.repo_tags)
    args.add("--output", tarball)
    image_runfiles = ctx.attr.image[DefaultInfo].default_runfiles
    run_script(
        ctx,
        ctx.file._main,
        inputs = depset([ctx.file.image, ctx.file.repo_tags], transitive = [image_runfiles.files]),
        outputs = [tarball],
        arguments = args,
        mnemonic = "OCITarball",
        progress_message = "OCI Tarball %{label}",
    )

    settings = {
        "format": ctx.attr.format,
        "image": rlocation(ctx, ctx.file.image),
        "tags": rlocation(ctx, ctx.file.repo_tags),
    }
    files = [ctx.file.image, ctx.file.repo_tags, ctx.file._main]
    runfiles = [image_runfiles]
    if ctx.executable.loader:
        settings["loader"] = rlocation(ctx, ctx.executable.loader)
        files.append(ctx.executable.loader)
        runfiles.append(ctx.attr.loader[DefaultInfo].default_runfiles)
    program = ctx.actions.declare_file(ctx.label.name + ".sh")
    return [
        launcher(ctx, program, ctx.file._run, settings, files, runfiles),
        OutputGroupInfo(tarball = depset([tarball])),
    ]

oci_load = rule(
    implementation = _oci_load_impl,
    executable = True,
    doc = "Loads an image into docker, podman or nerdctl.",
    attrs = {
        "format": attr.string(default = "docker", values = ["docker", "oci"], doc = "docker for an oci_image, oci for an oci_image_index."),
        "image": attr.label(mandatory = True, allow_single_file = True, doc = "The image."),
        "loader": attr.label(executable = True, cfg = "target", allow_files = True, doc = "Runs instead of what is found on PATH."),
        "repo_tags": attr.label(mandatory = True, allow_single_file = [".txt"], doc = "File of repository:tag lines."),
        "_layout": script("layout.mjs"),
        "_main": script("tarball.mjs"),
        "_run": script("load.mjs"),
    },
    toolchains = [TOOLCHAIN],
)
