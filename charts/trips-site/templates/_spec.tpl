{{- define "trips-site.spec" -}}
{{- $system := dict "name" "trips" "title" .Values.title "about" .Values.about "site" "/app/sites/trips" "api" .Values.api.url "images" .Values.images.url -}}
kind: Deployment
ports:
  http: 8080
expose: [http]
metrics: http
env:
  HOST: 0.0.0.0
  PORT: 8080
  LOG_LEVEL: {{ .Values.logLevel }}
  SYSTEMS: {{ list $system | toRawJson | quote }}
probes:
  readiness: { path: /readyz, port: http }
  liveness: { path: /healthz, port: http }
shutdown:
  # Time for everybody to learn that this pod is leaving, then the server's own deadline and a margin.
  preStopSeconds: 5
  graceSeconds: 15
egress:
  - to: {{ toJson .Values.api.to }}
    ports: [{{ include "hardened.port" .Values.api.url }}]
  - to: {{ toJson .Values.images.to }}
    ports: [{{ include "hardened.port" .Values.images.url }}]
{{- end }}
