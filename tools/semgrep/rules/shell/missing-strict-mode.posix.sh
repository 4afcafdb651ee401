# ruleid: missing-strict-mode
#!/bin/sh
set -x
exec node "$0.mjs"
