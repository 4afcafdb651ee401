"""What the rules share: gathering files from providers, copying sources to the output tree, levels of the launcher's log."""

load("@bazel_lib//lib:copy_to_bin.bzl", "copy_file_to_bin_action")
load("//private:unsupported.bzl", _unsupported = "unsupported")
load(":js_info.bzl", "JsInfo")

unsupported = _unsupported

def _of(targets, field):
    return [getattr(target[JsInfo], field) for target in targets if JsInfo in target]

def gather_transitive_sources(sources, targets):
    """Adds the transitive sources of targets to sources.

    Args:
      sources: list of files
      targets: targets, with or without JsInfo
    Returns:
      depset of files
    """
    return depset(sources, transitive = _of(targets, "transitive_sources"))

def gather_transitive_types(types, targets):
    """Adds the transitive types of targets to types.

    Args:
      types: list of files
      targets: targets, with or without JsInfo
    Returns:
      depset of files
    """
    return depset(types, transitive = _of(targets, "transitive_types"))

def gather_npm_sources(srcs, deps):
    """The npm packages' files of targets.

    Args:
      srcs: targets, with or without JsInfo
      deps: targets, with or without JsInfo
    Returns:
      depset of files
    """
    return depset(transitive = _of(srcs + deps, "npm_sources"))

def gather_npm_package_store_infos(targets):
    """The npm packages of targets that are no development dependencies.

    Args:
      targets: targets, with or without JsInfo
    Returns:
      depset of NpmPackageStoreInfo
    """
    return depset(transitive = _of(targets, "npm_package_store_infos"))

def copy_js_file_to_bin_action(ctx, file):
    """Copies a source file of this package to the output tree.

    Args:
      ctx: the rule's context
      file: a source file
    Returns:
      the copy
    """
    if (ctx.label.repo_name, ctx.label.package) != (file.owner.repo_name, file.owner.package):
        fail("{}: the source file {} is of another package, and only files of its own package can be copied to the output tree; declare a js_library with it in {}//{} and depend on that".format(
            ctx.label,
            file.short_path,
            "@@" + file.owner.repo_name if file.owner.repo_name else "",
            file.owner.package,
        ))
    return copy_file_to_bin_action(ctx, file)

def gather_runfiles(ctx, sources = None, data = [], deps = [], data_files = [], copy_data_files_to_bin = False, no_copy_to_bin = []):
    """What a program needs at run time.

    Args:
      ctx: the rule's context
      sources: depset of files, or None
      data: targets whose files and runfiles are needed
      deps: targets whose runfiles are needed
      data_files: the files of data
      copy_data_files_to_bin: whether source files among data_files are copied to the output tree
      no_copy_to_bin: files that are not copied
    Returns:
      runfiles
    """
    files = [
        copy_js_file_to_bin_action(ctx, file) if copy_data_files_to_bin and file.is_source and file not in no_copy_to_bin else file
        for file in data_files
    ]
    transitive = [target[DefaultInfo].files for target in data] + ([sources] if sources else [])
    return ctx.runfiles(files = files, transitive_files = depset(transitive = transitive)).merge_all(
        [target[DefaultInfo].default_runfiles for target in data + deps],
    )

def gather_files_from_js_infos(targets, include_sources, include_types, include_transitive_sources, include_transitive_types, include_npm_sources):
    """Picks files from the JsInfo of targets.

    Args:
      targets: targets, with or without JsInfo
      include_sources: whether sources are picked
      include_types: whether types are picked
      include_transitive_sources: whether the sources of dependencies are picked too
      include_transitive_types: whether the types of dependencies are picked too
      include_npm_sources: whether the files of npm packages are picked
    Returns:
      depset of files
    """
    picked = []
    if include_transitive_sources:
        picked += _of(targets, "transitive_sources")
    elif include_sources:
        picked += _of(targets, "sources")
    if include_transitive_types:
        picked += _of(targets, "transitive_types")
    elif include_types:
        picked += _of(targets, "types")
    if include_npm_sources:
        picked += _of(targets, "npm_sources")
    return depset(transitive = picked)

LOG_LEVELS = {"fatal": 1, "error": 2, "warn": 3, "info": 4, "debug": 5}

def envs_for_log_level(log_level):
    """The environment variables that turn a level of the launcher's log on.

    Args:
      log_level: a key of LOG_LEVELS
    Returns:
      names of variables, to be set to 1
    """
    if log_level not in LOG_LEVELS:
        fail("log_level has to be one of {}, got {}".format(", ".join(LOG_LEVELS), log_level))
    return ["JS_BINARY__LOG_" + name.upper() for name, number in LOG_LEVELS.items() if number <= LOG_LEVELS[log_level]]
