{{- define "images.spec" -}}
kind: Deployment
minReadySeconds: 5
ports:
  http: 8084
expose: [http]
metrics: http
env:
  HOST: 0.0.0.0
  PORT: 8084
  LOG_LEVEL: {{ .Values.logLevel }}
  ORIGINALS: {{ .Values.originals }}
  AVIF: {{ .Values.avif }}
  ENCODES: {{ int .Values.encodes }}
  QUEUE: {{ int .Values.queue }}
  TIME_LIMIT_S: {{ int .Values.timeLimitSeconds }}
  MAX_MEGAPIXELS: {{ .Values.maxSource.megapixels }}
  MAX_INPUT_MIB: {{ .Values.maxSource.mebibytes }}
  {{- with .Values.visibility.url }}
  VISIBILITY_URL: {{ . | quote }}
  {{- end }}
  DERIVED_FOLDER: /tmp/derived
  DERIVED_MIB: {{ int .Values.keptMebibytes }}
  {{- include "hardened.clientOfS3" .Values.s3 | nindent 2 }}
secrets:
  {{- include "hardened.secretOfS3" .Values.s3 | nindent 2 }}
probes:
  # Ready once the store has answered.
  readiness: { path: /readyz, port: http }
  liveness: { path: /healthz, port: http }
shutdown:
  # Time for everybody to learn that this pod is leaving, then the service's own deadline and a margin.
  preStopSeconds: 5
  graceSeconds: 15
egress:
  - to: {{ toJson .Values.s3.to }}
    ports: [{{ include "hardened.port" .Values.s3.endpoint }}]
  {{- with .Values.visibility }}
  {{- if .url }}
  - to: {{ toJson .to }}
    ports: [{{ include "hardened.port" .url }}]
  {{- end }}
  {{- end }}
{{- end }}
