{{- /*
All objects of one workload. Takes (list . "name of a template that writes its spec"); README.md says what a spec holds.
*/ -}}
{{- define "hardened.workload" -}}
{{- $root := index . 0 -}}
{{- $spec := include (index . 1) $root | printf "%s\n" | fromYaml -}}
{{- include "hardened.check" (dict "root" $root "spec" $spec "template" (index . 1)) -}}
{{- $both := dict "root" $root "spec" $spec -}}
{{- $name := include "hardened.name" $root -}}
{{- $values := $root.Values.workload -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "hardened.metadata" (list $root $name) | nindent 2 }}
automountServiceAccountToken: false
{{- with $spec.config }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "hardened.metadata" (list $root $name) | nindent 2 }}
data:
  {{- toYaml .files | nindent 2 }}
{{- end }}
---
apiVersion: apps/v1
kind: {{ $spec.kind }}
metadata:
  {{- include "hardened.metadata" (list $root $name) | nindent 2 }}
spec:
  replicas: {{ $values.replicas }}
  revisionHistoryLimit: 3
  minReadySeconds: {{ $spec.minReadySeconds | default 0 }}
  {{- if eq $spec.kind "Deployment" }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  {{- else }}
  serviceName: {{ $name }}-headless
  podManagementPolicy: Parallel
  updateStrategy:
    type: RollingUpdate
  {{- end }}
  selector:
    matchLabels:
      {{- include "hardened.selector" $root | nindent 6 }}
  template:
    {{- include "hardened.pod" $both | nindent 4 }}
  {{- with $spec.storage }}
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: Retain
    whenScaled: Retain
  volumeClaimTemplates:
    - apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
        name: data
        labels:
          {{- include "hardened.selector" $root | nindent 10 }}
      spec:
        accessModes:
          - ReadWriteOnce
        {{- with .storageClass }}
        storageClassName: {{ . }}
        {{- end }}
        resources:
          requests:
            storage: {{ .size }}
  {{- end }}
{{- with $spec.expose }}
---
{{- include "hardened.service" (dict "root" $root "spec" $spec "name" $name "ports" . "headless" false) }}
{{- end }}
{{- if eq $spec.kind "StatefulSet" }}
---
{{- include "hardened.service" (dict "root" $root "spec" $spec "name" (printf "%s-headless" $name) "ports" (keys $spec.ports | sortAlpha) "headless" true) }}
{{- end }}
---
{{ include "hardened.networkPolicy" $both }}
{{- if gt (int $values.replicas) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "hardened.metadata" (list $root $name) | nindent 2 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "hardened.selector" $root | nindent 6 }}
{{- end }}
{{- end }}

{{- /* A Service, one with an address or one that names the pods. */ -}}
{{- define "hardened.service" }}
apiVersion: v1
kind: Service
metadata:
  {{- include "hardened.metadata" (list .root .name) | nindent 2 }}
spec:
  type: ClusterIP
  {{- if .headless }}
  clusterIP: None
  publishNotReadyAddresses: true
  {{- end }}
  selector:
    {{- include "hardened.selector" .root | nindent 4 }}
  ports:
    {{- range .ports }}
    - name: {{ . }}
      port: {{ get $.spec.ports . }}
      targetPort: {{ . }}
    {{- end }}
{{- end }}
