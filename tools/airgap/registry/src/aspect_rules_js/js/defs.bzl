"""Rules for programs and libraries that run on Node."""

load("//js/private:image_layer.bzl", _js_image_layer = "js_image_layer")
load("//js/private:js_binary.bzl", _js_binary = "js_binary", _js_test = "js_test")
load("//js/private:js_info_files.bzl", _js_info_files = "js_info_files")
load("//js/private:js_library.bzl", _js_library = "js_library")
load("//js/private:js_run_binary.bzl", _js_run_binary = "js_run_binary")
load("//private:unsupported.bzl", "unsupported")

def js_binary(chdir = None, **kwargs):
    """A program that Node runs.

    Args:
      chdir: working directory; "" is the root, as "." is
      **kwargs: attributes of the rule js_binary
    """
    _js_binary(chdir = "." if chdir == "" else chdir, **kwargs)

def js_test(chdir = None, **kwargs):
    """A test that Node runs.

    Args:
      chdir: working directory; "" is the root, as "." is
      **kwargs: attributes of the rule js_test
    """
    _js_test(chdir = "." if chdir == "" else chdir, **kwargs)

def js_run_devserver(name, **_kwargs):
    """Refused: see README.md.

    Args:
      name: the target
      **_kwargs: ignored
    """
    unsupported("js_run_devserver", "any attribute", "run {} by js_binary and `bazel run`".format(name))

js_image_layer = _js_image_layer
js_info_files = _js_info_files
js_library = _js_library
js_run_binary = _js_run_binary
