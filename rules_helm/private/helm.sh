#!/usr/bin/env bash
# Sourced by the other scripts: helm with an empty home, no cluster, no plugins, one locale and one time zone.
# helm_bin names the binary. Sets work, a folder that is removed at the end.
work=$(mktemp -d "${TEST_TMPDIR:-${TMPDIR:-/tmp}}/helm.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/home"

helm() {
  env -i HOME="$work/home" TMPDIR="$work" PATH=/usr/bin:/bin LC_ALL=C TZ="${helm_zone:-UTC}" SOURCE_DATE_EPOCH=315532800 \
    HELM_CACHE_HOME="$work/home/cache" HELM_CONFIG_HOME="$work/home/config" HELM_DATA_HOME="$work/home/data" \
    HELM_PLUGINS="$work/home/plugins" KUBECONFIG="$work/home/none" "${helm_bin:?}" "$@"
}

# fail TITLE LINES...: a message that begins with the target.
fail() {
  printf '\nrules_helm: %s\n' "$1" >&2
  shift
  if [ $# -gt 0 ]; then printf '  %s\n' "$@" >&2; fi
  printf '\n' >&2
  exit 1
}
