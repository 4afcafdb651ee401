"""A C toolchain that compiles nothing. rules_pkg packs with a Python program, and Bazel's Python rules insist on a C toolchain being there;
without one of ours Bazel would look for the machine's compiler, and fail where there is none."""

def _none_impl(ctx):
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = "none",
        host_system_name = "none",
        target_system_name = "none",
        target_cpu = "none",
        target_libc = "none",
        compiler = "none",
        abi_version = "none",
        abi_libc_version = "none",
    )

no_compiler = rule(
    implementation = _none_impl,
    doc = "The configuration of a C toolchain without tools: whoever compiles with it is told that there is none.",
    provides = [CcToolchainConfigInfo],
)
