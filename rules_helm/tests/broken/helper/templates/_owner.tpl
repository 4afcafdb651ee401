{{- define "helper.owner" -}}
{{ .Values.owner.mail.address }}
{{- end }}
