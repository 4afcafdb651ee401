"""js_run_binary: an action that runs a js_binary."""

load("@bazel_lib//lib:copy_to_bin.bzl", "copy_to_bin")
load("@bazel_lib//lib:run_binary.bzl", "run_binary")
load(":js_helpers.bzl", "envs_for_log_level")
load(":js_info_files.bzl", "js_info_files")

def _bin_relative(out):
    """The path of an output of this package from the root of the output tree."""
    repo = native.repo_name()
    path = [str(out).split(":")[-1]]
    if native.package_name():
        path.insert(0, native.package_name())
    if repo:
        path.insert(0, "external/" + repo)
    return "/".join(path)

def _chdir(folder):
    repo = native.repo_name()
    folder = folder or "."
    if not repo or folder.startswith("external/") or folder.startswith("/"):
        return folder
    return "external/" + repo if folder == "." else "external/{}/{}".format(repo, folder)

def js_run_binary(
        name,
        tool,
        env = {},
        srcs = [],
        outs = [],
        out_dirs = [],
        args = [],
        chdir = None,
        stdout = None,
        stderr = None,
        exit_code_out = None,
        silent_on_success = True,
        use_execroot_entry_point = None,
        copy_srcs_to_bin = True,
        include_sources = True,
        include_types = False,
        include_transitive_sources = True,
        include_transitive_types = False,
        include_npm_sources = True,
        log_level = None,
        mnemonic = "JsRunBinary",
        progress_message = None,
        execution_requirements = None,
        stamp = 0,
        patch_node_fs = True,
        allow_execroot_entry_point_with_no_copy_data_to_bin = False,
        use_default_shell_env = False,
        set_legacy_environment_variables = None,
        **kwargs):
    """Runs a js_binary in an action. Its working directory is the root of the output tree.

    Args:
      name: the target
      tool: a js_binary
      env: environment; locations of srcs and make variables are replaced
      srcs: what the program reads and imports
      outs: files that it writes
      out_dirs: folders that it writes
      args: its arguments; locations of srcs and make variables are replaced
      chdir: another working directory, from the root of the output tree
      stdout: file that takes what it prints
      stderr: file that takes what it prints as errors
      exit_code_out: file that takes its exit code, which then does not matter
      silent_on_success: whether its output is shown only where it fails
      use_execroot_entry_point: False runs the tool's files from its runfiles, anything else from the output tree
      copy_srcs_to_bin: whether source files of srcs are copied to the output tree
      include_sources: see js_info_files
      include_types: see js_info_files
      include_transitive_sources: see js_info_files
      include_transitive_types: see js_info_files
      include_npm_sources: see js_info_files
      log_level: see js_binary
      mnemonic: name of the kind of action
      progress_message: what is shown while it runs
      execution_requirements: see tags of Bazel's rules
      stamp: see run_binary
      patch_node_fs: see js_binary
      allow_execroot_entry_point_with_no_copy_data_to_bin: whether a tool without copy_data_to_bin may run from the output tree
      use_default_shell_env: see run_binary
      set_legacy_environment_variables: False leaves BAZEL_PACKAGE and its kin out
      **kwargs: attributes of all rules
    """
    for misplaced in ["data", "deps"]:
        if misplaced in kwargs:
            fail("js_run_binary {}: it has no {}; put them into srcs".format(name, misplaced))
    if not (outs or out_dirs or stdout or stderr or exit_code_out):
        fail("js_run_binary {}: it has no output; give it outs, out_dirs, stdout, stderr or exit_code_out".format(name))
    testonly = kwargs.get("testonly")
    hidden = kwargs.get("tags", []) + ["manual"]
    inputs = list(srcs)

    if include_transitive_sources or include_types or include_npm_sources:
        js_info_files(
            name = name + "_js_info_files",
            srcs = srcs,
            include_npm_sources = include_npm_sources,
            include_sources = include_sources,
            include_transitive_sources = include_transitive_sources,
            include_transitive_types = include_transitive_types,
            include_types = include_types,
            tags = hidden,
            testonly = testonly,
        )
        inputs.append(":{}_js_info_files".format(name))
    if copy_srcs_to_bin:
        copy_to_bin(name = name + "_copy_srcs_to_bin", srcs = srcs, tags = hidden, testonly = testonly)
        inputs.append(":{}_copy_srcs_to_bin".format(name))

    fixed = {"JS_BINARY__PATCH_NODE_FS": "1" if patch_node_fs else "0"}
    if use_execroot_entry_point != False:
        native.filegroup(
            name = name + "_runfiles",
            srcs = [tool],
            output_group = "execroot_data_files",
            tags = hidden,
            testonly = testonly,
        )
        inputs.append(":{}_runfiles".format(name))
        fixed["JS_BINARY__USE_EXECROOT_ENTRY_POINT"] = "1"
    if allow_execroot_entry_point_with_no_copy_data_to_bin:
        fixed["JS_BINARY__ALLOW_EXECROOT_ENTRY_POINT_WITH_NO_COPY_DATA_TO_BIN"] = "1"
    if silent_on_success:
        fixed["JS_BINARY__SILENT_ON_SUCCESS"] = "1"
    if chdir != None:
        fixed["JS_BINARY__CHDIR"] = _chdir(chdir)
    captured = {"JS_BINARY__STDOUT_OUTPUT_FILE": stdout, "JS_BINARY__STDERR_OUTPUT_FILE": stderr, "JS_BINARY__EXIT_CODE_OUTPUT_FILE": exit_code_out}
    for variable, out in captured.items():
        if out:
            fixed[variable] = _bin_relative(out)
    if log_level:
        fixed |= {variable: "1" for variable in envs_for_log_level(log_level)}
    if set_legacy_environment_variables != False:
        fixed |= {
            "BAZEL_BINDIR": "$(BINDIR)",
            "BAZEL_BUILD_FILE_PATH": "$(BUILD_FILE_PATH)",
            "BAZEL_COMPILATION_MODE": "$(COMPILATION_MODE)",
            "BAZEL_PACKAGE": native.package_name(),
            "BAZEL_TARGET": "$(TARGET)",
            "BAZEL_TARGET_CPU": "$(TARGET_CPU)",
            "BAZEL_TARGET_NAME": name,
            "BAZEL_WORKSPACE": "$(WORKSPACE)",
        }

    run_binary(
        name = name,
        args = ["--bazel-bindir", "$(BINDIR)"] + args,
        env = fixed | env,
        execution_requirements = execution_requirements,
        mnemonic = mnemonic,
        out_dirs = out_dirs,
        outs = outs + [out for out in captured.values() if out],
        progress_message = progress_message,
        srcs = inputs,
        stamp = stamp,
        tool = tool,
        use_default_shell_env = use_default_shell_env,
        **kwargs
    )
