# ruleid: missing-strict-mode
#!/usr/bin/env bash
cd "$1"
rm -rf out
echo "set -e is only spoken of here"
