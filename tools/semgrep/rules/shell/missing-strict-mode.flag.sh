# ok: missing-strict-mode
#!/bin/sh -eu
helm template "$1"
