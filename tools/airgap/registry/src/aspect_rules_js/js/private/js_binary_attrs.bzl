"""The attributes of js_binary and js_test."""

load(":js_helpers.bzl", "LOG_LEVELS")

ATTRS = {
    "chdir": attr.string(doc = "working directory, from the root of the runfiles or of the output tree"),
    "copy_data_to_bin": attr.bool(default = True, doc = "whether source files of data are copied to the output tree"),
    "data": attr.label_list(allow_files = True, doc = "what the program imports and reads"),
    "enable_runfiles": attr.bool(doc = "ignored: runfiles are always there"),
    "entry_point": attr.label(allow_files = True, mandatory = True, doc = "the file that Node runs, or a directory_path"),
    "env": attr.string_dict(doc = "environment of the program"),
    "expand_args": attr.bool(default = True, doc = "whether locations and make variables in fixed_args are replaced"),
    "expand_env": attr.bool(default = True, doc = "whether locations and make variables in env are replaced"),
    "expected_exit_code": attr.int(doc = "the exit code that counts as success"),
    "fixed_args": attr.string_list(doc = "arguments before the caller's"),
    "include_npm": attr.bool(doc = "not supported"),
    "include_npm_sources": attr.bool(default = True, doc = "whether npm packages of data are in the runfiles"),
    "include_sources": attr.bool(default = True, doc = "whether sources of data are in the runfiles"),
    "include_transitive_sources": attr.bool(default = True, doc = "whether sources that data imports are in the runfiles"),
    "include_transitive_types": attr.bool(doc = "whether types that data imports are in the runfiles"),
    "include_types": attr.bool(doc = "whether types of data are in the runfiles"),
    "log_level": attr.string(default = "error", values = LOG_LEVELS.keys(), doc = "how much the launcher says"),
    "no_copy_to_bin": attr.label_list(allow_files = True, doc = "files of data that are not copied"),
    "node_options": attr.string_list(doc = "options of Node"),
    "node_toolchain": attr.label(doc = "another Node than the registered one"),
    "patch_node_fs": attr.bool(default = True, doc = "whether Node's fs shows no link that leads out of the sandbox"),
    "preserve_symlinks_main": attr.bool(default = True, doc = "whether Node gets --preserve-symlinks-main"),
    "_launcher": attr.label(default = "//js/private:launcher.sh.tpl", allow_single_file = True),
    "_node_wrapper": attr.label(default = "//js/private:node_bin/node", allow_single_file = True),
    "_preload": attr.label(default = "//js/private/preload:preload.cjs", allow_single_file = True),
    "_preload_files": attr.label_list(
        default = ["//js/private/preload:guard.cjs", "//js/private/preload:patch.cjs"],
        allow_files = True,
    ),
}

TEST_ATTRS = dict(
    ATTRS,
    env_inherit = attr.string_list(doc = "variables of the environment that the test sees"),
)
