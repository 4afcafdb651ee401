{{- define "nats.spec" -}}
{{- $cluster := gt (int .Values.workload.replicas) 1 -}}
{{- if not (has (int .Values.workload.replicas) (list 0 1 3)) }}
{{- fail (printf "nats: workload.replicas is %v; expected 1, or 3 for a cluster (0 to stop it)." .Values.workload.replicas) }}
{{- end -}}
kind: StatefulSet
minReadySeconds: {{ ternary 10 0 $cluster }}
command: [nats-server]
args: [--config, /etc/nats/nats.conf]
ports:
  client: 4222
  monitor: 8222
  {{- if $cluster }}
  cluster: 6222
  {{- end }}
expose: [client]
metrics: monitor
env:
  POD_NAME: { field: metadata.name }
config:
  mountPath: /etc/nats
  files:
    nats.conf: |
      {{- include "nats.conf" . | nindent 6 }}
secrets:
  {{- with .Values.auth.existingSecret }}
  auth: { secret: {{ . }}, mountPath: /etc/nats-auth, keys: [auth.conf] }
  {{- end }}
  {{- with .Values.tls.existingSecret }}
  tls: { secret: {{ . }}, mountPath: /etc/nats-tls, keys: [tls.crt, tls.key] }
  {{- end }}
storage: {{ set (deepCopy .Values.storage) "mountPath" "/data" | toJson }}
probes:
  # All streams are recovered; a large one takes its time.
  startup: { path: /healthz, port: monitor, withinSeconds: 300 }
  readiness: { path: "/healthz?js-server-only=true", port: monitor }
  liveness: { path: "/healthz?js-enabled-only=true", port: monitor }
shutdown:
  {{- if $cluster }}
  # Sends clients to the other servers, over 30 s, and lets the server pass over the SIGTERM that follows.
  preStopCommand: [nats-server, --signal, ldm=/tmp/nats.pid]
  graceSeconds: 60
  {{- else }}
  graceSeconds: 30
  {{- end }}
{{- if $cluster }}
ingress:
  - from: [{ self: true }]
    ports: [cluster]
egress:
  - to: [{ self: true }]
    ports: [6222]
{{- end }}
{{- end }}
