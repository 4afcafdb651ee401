{{- define "hardened.pod" }}{{ end }}
