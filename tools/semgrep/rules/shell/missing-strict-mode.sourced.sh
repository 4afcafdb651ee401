# ok: missing-strict-mode
render() {
  helm template "$1"
}
