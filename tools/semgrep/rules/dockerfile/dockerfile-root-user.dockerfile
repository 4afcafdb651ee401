FROM scratch
# ruleid: dockerfile-root-user
USER root
# ruleid: dockerfile-root-user
USER 0
# ok: dockerfile-root-user
USER 65532
# ok: dockerfile-root-user
USER 65532:0
# ok: dockerfile-root-user
ENV USER=root
