FROM scratch
# ruleid: dockerfile-add-url
ADD https://example.org/tool.tgz /opt/
# ruleid: dockerfile-add-url
ADD --chown=65532 https://example.org/tool /opt/tool
# ok: dockerfile-add-url
ADD --checksum=sha256:9f86d081 https://example.org/tool.tgz /opt/
# ok: dockerfile-add-url
ADD rootfs.tar.gz /
# ok: dockerfile-add-url
COPY tool /opt/tool
