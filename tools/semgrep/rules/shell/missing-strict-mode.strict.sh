# ok: missing-strict-mode
#!/usr/bin/env bash
# Renders a chart, by way of a launcher.
set -euo pipefail
cat > "$1" <<'END'
#!/bin/sh
exec node "$0.mjs"
END
