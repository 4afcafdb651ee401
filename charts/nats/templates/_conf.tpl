{{- define "nats.conf" -}}
{{- $name := include "hardened.name" . -}}
server_name: $POD_NAME
port: 4222
http_port: 8222
pid_file: "/tmp/nats.pid"
max_payload: {{ .Values.maxPayload }}
lame_duck_grace_period: "10s"
lame_duck_duration: "30s"
jetstream {
  store_dir: "/data"
  max_memory_store: {{ .Values.jetstream.maxMemory }}
  max_file_store: {{ .Values.jetstream.maxFile }}
}
{{- if gt (int .Values.workload.replicas) 1 }}
cluster {
  name: {{ $name | quote }}
  port: 6222
  routes: [
    {{- range $index := until (int .Values.workload.replicas) }}
    "nats://{{ $name }}-{{ $index }}.{{ $name }}-headless.{{ $.Release.Namespace }}.svc:6222"
    {{- end }}
  ]
}
{{- end }}
{{- if .Values.tls.existingSecret }}
tls {
  cert_file: "/etc/nats-tls/tls.crt"
  key_file: "/etc/nats-tls/tls.key"
}
{{- end }}
{{- if .Values.auth.existingSecret }}
authorization {
  include "../nats-auth/auth.conf"
}
{{- end }}
{{- end }}
