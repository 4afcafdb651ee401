{{- define "seaweedfs.spec" -}}
{{- if gt (int .Values.workload.replicas) 1 }}
{{- fail (printf "seaweedfs: workload.replicas is %v; expected 0 or 1, since two pods would be two stores." .Values.workload.replicas) }}
{{- end -}}
kind: StatefulSet
command: [/usr/bin/weed]
args:
  - -logtostderr=true
  - server
  - -dir=/data
  # Master, volume server and filer ask for no credentials: they listen on loopback only, which also keeps their names when the pod moves.
  - -ip=127.0.0.1
  - -master.peers=none
  - -master.volumeSizeLimitMB={{ int .Values.volumeSizeLimitMB }}
  - -volume.max=0
  - -volume.minFreeSpace={{ int .Values.minFreeSpacePercent }}
  - -volume.preStopSeconds=2
  - -s3
  - -s3.ip.bind=0.0.0.0
  - -s3.port=8333
  - -s3.port.iceberg=0
  - -s3.port.lance=0
  - -s3.config=/run/secrets/s3/s3.json
  - -s3.allowDeleteBucketNotEmpty=false
  - -metricsIp=0.0.0.0
  - -metricsPort=9327
ports:
  s3: 8333
  metrics: 9327
expose: [s3]
metrics: metrics
secrets:
  s3: { secret: {{ .Values.s3.existingSecret }}, mountPath: /run/secrets/s3, keys: [s3.json] }
storage: {{ set (deepCopy .Values.storage) "mountPath" "/data" | toJson }}
probes:
  startup: { path: /healthz, port: s3, withinSeconds: 120 }
  readiness: { path: /healthz, port: s3 }
  liveness: { path: /healthz, port: s3, timeoutSeconds: 10 }
shutdown:
  graceSeconds: 60
{{- end }}
