{{- define "imgproxy.spec" -}}
{{- $presets := list -}}
{{- range $name, $options := .Values.presets }}
{{- $presets = append $presets (printf "%s=%s" $name $options) }}
{{- end -}}
kind: Deployment
minReadySeconds: 5
ports:
  http: 8080
  metrics: 8081
expose: [http]
metrics: metrics
env:
  IMGPROXY_BIND: ":8080"
  IMGPROXY_PROMETHEUS_BIND: ":8081"
  IMGPROXY_LOG_FORMAT: json
  IMGPROXY_LOG_LEVEL: {{ .Values.logLevel }}
  IMGPROXY_KEY: { secret: {{ .Values.signing.existingSecret }}, key: key }
  IMGPROXY_SALT: { secret: {{ .Values.signing.existingSecret }}, key: salt }
  {{- with .Values.plainSignature }}
  IMGPROXY_TRUSTED_SIGNATURES: {{ . | quote }}
  IMGPROXY_BASE_URL: {{ printf "s3://%s/" (first $.Values.s3.buckets) | quote }}
  {{- end }}
  IMGPROXY_USE_S3: true
  IMGPROXY_S3_ENDPOINT: {{ .Values.s3.endpoint | quote }}
  IMGPROXY_S3_REGION: {{ .Values.s3.region | quote }}
  IMGPROXY_S3_ALLOWED_BUCKETS: {{ join "," .Values.s3.buckets | quote }}
  IMGPROXY_ALLOWED_SOURCES: s3://
  AWS_ACCESS_KEY_ID: { secret: {{ .Values.s3.existingSecret }}, key: access-key-id }
  AWS_SECRET_ACCESS_KEY: { secret: {{ .Values.s3.existingSecret }}, key: secret-access-key }
  IMGPROXY_WORKERS: {{ int .Values.workers }}
  IMGPROXY_MAX_CLIENTS: {{ int .Values.maxClients }}
  IMGPROXY_TIMEOUT: {{ int .Values.timeoutSeconds }}
  IMGPROXY_GRACEFUL_STOP_TIMEOUT: {{ int .Values.timeoutSeconds }}
  IMGPROXY_MAX_SRC_RESOLUTION: {{ .Values.maxSource.megapixels }}
  IMGPROXY_MAX_SRC_FILE_SIZE: {{ int64 .Values.maxSource.bytes }}
  IMGPROXY_TTL: {{ int64 .Values.ttlSeconds }}
  IMGPROXY_AUTO_WEBP: {{ .Values.webp }}
  {{- if .Values.avif }}
  IMGPROXY_AUTO_AVIF: true
  {{- end }}
  {{- with $presets }}
  IMGPROXY_PRESETS: {{ join "," . | quote }}
  IMGPROXY_ONLY_PRESETS: true
  {{- end }}
probes:
  readiness: { path: /health, port: http }
  liveness: { path: /health, port: http }
shutdown:
  preStopSeconds: 5
  graceSeconds: {{ add (int .Values.timeoutSeconds) 5 }}
egress:
  - to: {{ toJson .Values.s3.to }}
    ports: [{{ include "hardened.port" .Values.s3.endpoint }}]
{{- end }}
