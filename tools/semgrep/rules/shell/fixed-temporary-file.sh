# ruleid: fixed-temporary-file
helm template . > /tmp/rendered.yaml
# ruleid: fixed-temporary-file
work=/tmp/homelab
# ruleid: fixed-temporary-file
mkdir -p "/tmp/cache"
# ruleid: fixed-temporary-file
sort list | tee /tmp/sorted
# ok: fixed-temporary-file
work=$(mktemp -d /tmp/homelab.XXXXXX)
# ok: fixed-temporary-file
parent=${TMPDIR:-/tmp}
# ok: fixed-temporary-file
helm template . > "$work/rendered.yaml"
# ok: fixed-temporary-file
ls /tmp/rendered.yaml
# ok: fixed-temporary-file
helm template . > "/tmp/rendered.$$"
# ok: fixed-temporary-file
work=/tmp/homelab-${RANDOM}
