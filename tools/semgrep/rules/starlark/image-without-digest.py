# ruleid: image-without-digest
oci.pull(name = "base", image = "debian", tag = "trixie")
# ruleid: image-without-digest
oci_pull(
    name = "base",
    image = "debian",
)
# ok: image-without-digest
oci.pull(name = "base", image = "debian", digest = "sha256:9f86d081", platforms = PLATFORMS)
# ok: image-without-digest
oci_pull(name = "base", **base)
# ok: image-without-digest
oci_push(name = "push", image = ":image")
