# ruleid: secret-in-text
export GITHUB_TOKEN=ghp_000000000000000000000000000000000000
# ok: secret-in-text
export GITHUB_TOKEN=$(cat "$RUNTIME_SECRETS/forge")
