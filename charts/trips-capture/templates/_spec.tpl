{{- define "trips-capture.spec" -}}
{{- if gt (int .Values.workload.replicas) 1 }}
{{- fail (printf "trips-capture: workload.replicas is %v; expected 0 or 1, since a camera takes orders from one. Install the chart once for each camera." .Values.workload.replicas) }}
{{- end -}}
kind: StatefulSet
ports:
  http: 8082
metrics: http
env:
  HOST: 0.0.0.0
  PORT: 8082
  LOG_LEVEL: {{ .Values.logLevel }}
  STATE_DIR: /data
  CAMERA_URL: {{ .Values.camera.url | quote }}
  CAMERA_NAME: {{ .Values.camera.name | quote }}
  CAPTURE_INTERVAL_S: {{ .Values.camera.intervalSeconds }}
  {{- include "hardened.clientOfNats" .Values.nats | nindent 2 }}
  {{- include "hardened.clientOfS3" .Values.s3 | nindent 2 }}
secrets:
  {{- include "hardened.secretOfS3" .Values.s3 | nindent 2 }}
storage: {{ set (deepCopy .Values.storage) "mountPath" "/data" | toJson }}
probes:
  # Ready while the camera, the stream and the store all answer.
  readiness: { path: /readyz, port: http }
  liveness: { path: /healthz, port: http }
shutdown:
  graceSeconds: 15
egress:
  - to: {{ toJson .Values.camera.to }}
    ports: [{{ include "hardened.port" .Values.camera.url }}]
  - to: {{ toJson .Values.nats.to }}
    ports: [{{ include "hardened.port" .Values.nats.url }}]
  - to: {{ toJson .Values.s3.to }}
    ports: [{{ include "hardened.port" .Values.s3.endpoint }}]
{{- end }}
