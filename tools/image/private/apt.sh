#!/usr/bin/env bash
# Runs an apt program against a Debian suite with a state of its own: no root is needed and the host's apt is left alone.
# usage: apt.sh STATE SUITE ARCHITECTURE apt-get|apt-cache ARGUMENTS...
# The mirror is the one that the host's apt is set to; HOMELAB_DEBIAN_MIRROR names another.
# With HOMELAB_DEBIAN_TRUSTED=1 signatures are not asked for: the caller checks every digest against a lock.
set -euo pipefail
state=$1 suite=$2 architecture=$3
shift 3

die() {
  printf '%s\n' "$@" >&2
  exit 69
}

for program in apt-get apt-cache dpkg-deb; do
  command -v "$program" >/dev/null || die "$program is not on this machine; Debian packages are fetched with it: install the packages apt and dpkg"
done

if [[ ! -e $state/updated ]]; then
  # apt replaces these, not the shell.
  # shellcheck disable=SC2016
  mirror=${HOMELAB_DEBIAN_MIRROR:-$(apt-get indextargets --format '$(ORIGIN)|$(COMPONENT)|$(CODENAME)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F'|' '$1 == "Debian" && $2 == "main" && $3 !~ /-/ { print $4; exit }')}
  [[ -n $mirror ]] || die "apt on this machine knows no Debian mirror: run apt-get update on a Debian host, or set HOMELAB_DEBIAN_MIRROR"
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  trust="Signed-By: $keyring"
  if [[ ! -e $keyring ]]; then
    [[ ${HOMELAB_DEBIAN_TRUSTED:-} == 1 ]] || die "there is no $keyring to check signatures with: install debian-archive-keyring"
    trust="Trusted: yes"
  fi
  mkdir -p "$state"/{lists/partial,archives/partial,sources}
  : >"$state/status"
  printf '%s\n' "Types: deb" "URIs: $mirror" "Suites: $suite" "Components: main" "Architectures: $architecture" "$trust" >"$state/sources/debian.sources"
  cat >"$state/apt.conf" <<CONF
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Dir::Cache "$state";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$state/sources";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "$state/lists";
Dir::State::status "$state/status";
CONF
fi
export APT_CONFIG=$state/apt.conf
if [[ ! -e $state/updated ]]; then
  apt-get -qq update || die "apt-get update failed for Debian $suite ($architecture); its message stands above: check the network and the disk"
  : >"$state/updated"
fi
exec "$@"
