{{- define "trips-capture.spec" -}}
{{- if gt (int .Values.workload.replicas) 1 }}
{{- fail (printf "trips-capture: workload.replicas is %v; expected 0 or 1, since a camera takes orders from one. Install the chart once for each camera." .Values.workload.replicas) }}
{{- end }}
{{- $units := dict "" 0.000001 "k" 0.001 "M" 1.0 "G" 1000.0 "T" 1000000.0 "Ki" 0.001024 "Mi" 1.048576 "Gi" 1073.741824 "Ti" 1099511.627776 -}}
{{- $size := toString .Values.storage.size -}}
{{- $volume := mulf (regexFind "^[0-9.]+" $size) (get $units (regexFind "[A-Za-z]*$" $size)) -}}
{{- $spool := addf .Values.spool.maxMB .Values.spool.minFreeMB -}}
{{- if gt $spool $volume }}
{{- fail (printf "trips-capture: spool.maxMB and spool.minFreeMB are %.0f MB together, and storage.size is %s; expected a volume that holds them." $spool $size) }}
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
  CAMERA: {{ .Values.camera.at | quote }}
  {{- if .Values.camera.existingSecret }}
  CAMERA_USER: { secret: {{ .Values.camera.existingSecret }}, key: user }
  CAMERA_PASSWORD_FILE: /run/secrets/camera/password
  NODE_EXTRA_CA_CERTS: /run/secrets/camera/ca.crt
  {{- end }}
  CAMERA_NAME: {{ .Values.camera.name | quote }}
  CAMERA_TIME_ZONE: {{ .Values.camera.timeZone | quote }}
  BATTERY_WARN_PERCENT: {{ int .Values.camera.batteryWarnPercent }}
  CAPTURE_INTERVAL_S: {{ .Values.capture.intervalSeconds }}
  CAPTURE_DISTANCE_M: {{ .Values.capture.distanceMetres }}
  CAPTURE_MIN_INTERVAL_S: {{ .Values.capture.minIntervalSeconds }}
  CAPTURE_MAX_INTERVAL_S: {{ .Values.capture.maxIntervalSeconds }}
  CAPTURE_RAW: {{ .Values.capture.raw }}
  RAW_MIN_FREE_MB: {{ int .Values.capture.rawMinFreeMB }}
  SCAN_INTERVAL_S: {{ .Values.transfer.scanIntervalSeconds }}
  DOWNLOADS: {{ int .Values.transfer.downloads }}
  UPLOADS: {{ int .Values.transfer.uploads }}
  TURBO_FROM: {{ int .Values.transfer.turboFrom }}
  DELETE_AFTER_UPLOAD: {{ .Values.transfer.deleteFromCard }}
  SPOOL_MAX_MB: {{ int .Values.spool.maxMB }}
  SPOOL_MIN_FREE_MB: {{ int .Values.spool.minFreeMB }}
  {{- include "hardened.clientOfNats" .Values.nats | nindent 2 }}
  {{- include "hardened.clientOfS3" .Values.s3 | nindent 2 }}
secrets:
  {{- include "hardened.secretOfS3" .Values.s3 | nindent 2 }}
  {{- with .Values.camera.existingSecret }}
  camera: { secret: {{ . }}, mountPath: /run/secrets/camera, keys: [password, ca.crt] }
  {{- end }}
storage: {{ set (deepCopy .Values.storage) "mountPath" "/data" | toJson }}
probes:
  # Ready while the camera, the stream and the store all answer.
  readiness: { path: /readyz, port: http }
  liveness: { path: /healthz, port: http }
shutdown:
  graceSeconds: 15
egress:
  - to: {{ toJson .Values.camera.to }}
    ports: [{{ if contains "://" .Values.camera.at }}{{ include "hardened.port" .Values.camera.at }}{{ else }}8080{{ end }}]
  - to: {{ toJson .Values.nats.to }}
    ports: [{{ include "hardened.port" .Values.nats.url }}]
  - to: {{ toJson .Values.s3.to }}
    ports: [{{ include "hardened.port" .Values.s3.endpoint }}]
{{- end }}
