"""The part of rules_oci 2.3.0 that this repository uses: `oci_image`, `oci_image_index`, `oci_load` and `oci_push`.

Same names, attributes, outputs and digests as the real ones; an attribute that is not supported fails and says so.
"""

load("@aspect_bazel_lib//lib:utils.bzl", "propagate_common_rule_attributes")
load("@bazel_skylib//rules:write_file.bzl", "write_file")
load("//oci/private:digest.bzl", "image_digest")
load("//oci/private:image.bzl", _oci_image_rule = "oci_image")
load("//oci/private:image_index.bzl", _oci_image_index_rule = "oci_image_index")
load("//oci/private:load.bzl", _oci_load_rule = "oci_load")
load("//oci/private:push.bzl", _oci_push_rule = "oci_push")

oci_image_rule = _oci_image_rule
oci_image_index_rule = _oci_image_index_rule
oci_tarball_rule = _oci_load_rule
oci_push_rule = _oci_push_rule

_UNSUPPORTED = {
    "resource_set": "images are made by one small process; leave it out",
}

def _check(rule_name, name, attrs):
    for attr, instead in _UNSUPPORTED.items():
        if attr in attrs:
            fail("{}(name = \"{}\") of the airgap stand-in for rules_oci 2.3.0 does not support {}: {}".format(rule_name, name, attr, instead))

def _as_file(name, kind, value, lines, common):
    """A label stays as it is; a list or dict becomes a file of the lines."""
    if type(value) not in ("dict", "list"):
        return value
    target = "{}_write_{}".format(name, kind)
    write_file(name = target, out = "{}.{}.txt".format(name, kind), content = lines(value), **common)
    return target

def _pairs(dictionary):
    return ["{}={}".format(key, value) for key, value in dictionary.items()]

def _words(elements):
    return [element.replace("\n", "%5Cn") for element in elements]

def _joined(elements):
    return [",".join(elements)]

def _same(elements):
    return elements

def oci_image(
        name,
        created = None,
        labels = None,
        annotations = None,
        env = None,
        cmd = None,
        entrypoint = None,
        exposed_ports = None,
        volumes = None,
        **kwargs):
    """An image of one platform: a directory with an OCI layout. `<name>.digest` is a file with its digest.

    Args:
      name: the image
      created: file with the time of creation; default the epoch
      labels: dict, or file of key=value lines
      annotations: dict, or file of key=value lines
      env: dict, or file of key=value lines; `$VAR` and `${VAR}` of the base's environment are replaced
      cmd: list, or file of lines
      entrypoint: list, or file of lines; clears the base's cmd
      exposed_ports: list, or file with a comma-separated list
      volumes: list, or file with a comma-separated list
      **kwargs: base, or os and architecture (and variant); tars, user, workdir, and the attributes of every rule
    """
    _check("oci_image", name, kwargs)
    common = propagate_common_rule_attributes(kwargs)
    oci_image_rule(
        name = name,
        created = created,
        annotations = _as_file(name, "annotations", annotations, _pairs, common),
        labels = _as_file(name, "labels", labels, _pairs, common),
        env = _as_file(name, "env", env, _pairs, common),
        cmd = _as_file(name, "cmd", cmd, _words, common),
        entrypoint = _as_file(name, "entrypoint", entrypoint, _words, common),
        exposed_ports = _as_file(name, "exposed_ports", exposed_ports, _joined, common),
        volumes = _as_file(name, "volumes", volumes, _joined, common),
        **kwargs
    )
    image_digest(name = name + ".digest", image = name, out = name + ".json.sha256", **common)

def oci_image_index(name, **kwargs):
    """An image of several platforms. `<name>.digest` is a file with its digest.

    Args:
      name: the index
      **kwargs: images; platforms, to build one image for each of them; and the attributes of every rule
    """
    _check("oci_image_index", name, kwargs)
    oci_image_index_rule(name = name, **kwargs)
    image_digest(name = name + ".digest", image = name, out = name + ".json.sha256", **propagate_common_rule_attributes(kwargs))

def oci_load(name, repo_tags = None, **kwargs):
    """`bazel run` loads an image into docker, podman or nerdctl; the output group `tarball` has the archive.

    Args:
      name: the runnable target
      repo_tags: list, or file of lines
      **kwargs: image, format, loader, and the attributes of every rule
    """
    _check("oci_load", name, kwargs)
    repo_tags = _as_file(name, "tags", repo_tags, _same, propagate_common_rule_attributes(kwargs))
    oci_tarball_rule(name = name, repo_tags = repo_tags, **kwargs)

def oci_push(name, remote_tags = None, **kwargs):
    """`bazel run` pushes an image or index by its digest, then tags it.

    Args:
      name: the runnable target; arguments -r/--repository, -t/--tag, --insecure and those of `crane push`
      remote_tags: list, or file of lines
      **kwargs: image, repository or repository_file, and the attributes of every rule
    """
    _check("oci_push", name, kwargs)
    remote_tags = _as_file(name, "tags", remote_tags, _same, propagate_common_rule_attributes(kwargs))
    oci_push_rule(name = name, remote_tags = remote_tags, **kwargs)
