{{- define "trips-api.spec" -}}
kind: Deployment
minReadySeconds: 5
ports:
  http: 8083
expose: [http]
metrics: http
env:
  HOST: 0.0.0.0
  PORT: 8083
  LOG_LEVEL: {{ .Values.logLevel }}
  READS: {{ .Values.reads }}
  {{- with .Values.publicUrl }}
  PUBLIC_URL: {{ . | quote }}
  {{- end }}
  {{- if .Values.apiKeys.existingSecret }}
  API_KEYS_FILE: /run/secrets/api/api-keys
  {{- end }}
  REQUESTS_PER_MINUTE: {{ int .Values.limits.requestsPerMinute }}
  SOCKETS_PER_ADDRESS: {{ int .Values.limits.sockets }}
  PROXIES: {{ int .Values.limits.proxies }}
  SNAPSHOT_EVENTS: {{ int .Values.snapshots.events }}
  RECHECK_MINUTES: {{ int .Values.snapshots.recheckMinutes }}
  {{- include "hardened.clientOfNats" .Values.nats | nindent 2 }}
  {{- include "hardened.clientOfS3" .Values.s3 | nindent 2 }}
secrets:
  {{- include "hardened.secretOfS3" .Values.s3 | nindent 2 }}
  {{- with .Values.apiKeys.existingSecret }}
  api: { secret: {{ . }}, mountPath: /run/secrets/api, keys: [api-keys] }
  {{- end }}
probes:
  # Ready once the history is replayed.
  readiness: { path: /readyz, port: http }
  liveness: { path: /healthz, port: http }
shutdown:
  # Time for everybody to learn that this pod is leaving, then the service's own deadline and a margin.
  preStopSeconds: 5
  graceSeconds: 15
egress:
  - to: {{ toJson .Values.nats.to }}
    ports: [{{ include "hardened.port" .Values.nats.url }}]
  - to: {{ toJson .Values.s3.to }}
    ports: [{{ include "hardened.port" .Values.s3.endpoint }}]
{{- end }}
