{{- define "trips-publish.spec" -}}
{{- if gt (int .Values.workload.replicas) 1 }}
{{- fail (printf "trips-publish: workload.replicas is %v; expected 0 or 1, since one journal knows what was published. Install the chart once for each folder." .Values.workload.replicas) }}
{{- end -}}
kind: StatefulSet
args:
  - watch
  - /data
  - --camera={{ .Values.photos.camera }}
  {{- with .Values.photos.trip }}
  - --trip={{ . }}
  {{- end }}
  {{- range .Values.photos.tags }}
  - {{ printf "--tag=%s" . | quote }}
  {{- end }}
  {{- with .Values.photos.zone }}
  - --zone={{ . }}
  {{- end }}
  - --concurrency={{ int .Values.concurrency }}
  - --max-mib={{ int .Values.maxMebibytes }}
ports:
  http: 8085
metrics: http
env:
  HOST: 0.0.0.0
  PORT: 8085
  LOG_LEVEL: {{ .Values.logLevel }}
  # A hidden folder, which is not looked into for pictures.
  STATE_DIR: /data/.journal
  {{- include "hardened.clientOfNats" .Values.nats | nindent 2 }}
  {{- include "hardened.clientOfS3" .Values.s3 | nindent 2 }}
secrets:
  {{- include "hardened.secretOfS3" .Values.s3 | nindent 2 }}
storage: {{ set (deepCopy .Values.storage) "mountPath" "/data" | toJson }}
probes:
  # Ready while the folder, the stream and the store all answer.
  readiness: { path: /readyz, port: http }
  liveness: { path: /healthz, port: http }
shutdown:
  graceSeconds: 15
egress:
  - to: {{ toJson .Values.nats.to }}
    ports: [{{ include "hardened.port" .Values.nats.url }}]
  - to: {{ toJson .Values.s3.to }}
    ports: [{{ include "hardened.port" .Values.s3.endpoint }}]
{{- end }}
