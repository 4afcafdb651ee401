{{- /* The pod of a workload. Takes (dict root spec). */ -}}
{{- define "hardened.pod" -}}
{{- $root := .root -}}
{{- $spec := .spec -}}
{{- $values := $root.Values.workload -}}
{{- $shutdown := $spec.shutdown -}}
{{- $preStop := $shutdown.preStopSeconds | default 0 | int -}}
metadata:
  labels:
    {{- include "hardened.labels" $root | nindent 4 }}
  {{- $annotations := deepCopy $values.podAnnotations }}
  {{- with $spec.config }}
  {{- $_ := set $annotations "checksum/config" (toJson .files | sha256sum) }}
  {{- end }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "hardened.name" $root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    fsGroup: 1000
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  terminationGracePeriodSeconds: {{ add $preStop $shutdown.graceSeconds }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if gt (int $values.replicas) 1 }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "hardened.selector" $root | nindent 10 }}
      {{- if eq $spec.kind "Deployment" }}
      matchLabelKeys:
        - pod-template-hash
      {{- end }}
  {{- end }}
  containers:
    - name: {{ $root.Chart.Name }}
      image: {{ include "hardened.image" $root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      {{- with $spec.command }}
      command:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $spec.args }}
      args:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $spec.env }}
      env:
        {{- include "hardened.env" . | trim | nindent 8 }}
      {{- end }}
      ports:
        {{- range $name, $port := $spec.ports }}
        - name: {{ $name }}
          containerPort: {{ $port }}
        {{- end }}
      {{- range $kind := list "startup" "readiness" "liveness" }}
      {{- with get $spec.probes $kind }}
      {{ $kind }}Probe:
        {{- include "hardened.probe" (list $kind .) | nindent 8 }}
      {{- end }}
      {{- end }}
      {{- if or $preStop $shutdown.preStopCommand }}
      lifecycle:
        preStop:
          {{- if $shutdown.preStopCommand }}
          exec:
            command:
              {{- toYaml $shutdown.preStopCommand | nindent 14 }}
          {{- else }}
          sleep:
            seconds: {{ $preStop }}
          {{- end }}
      {{- end }}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop:
            - ALL
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- with $spec.storage }}
        - name: data
          mountPath: {{ .mountPath }}
        {{- end }}
        {{- with $spec.config }}
        - name: config
          mountPath: {{ .mountPath }}
          readOnly: true
        {{- end }}
        {{- range $name, $secret := $spec.secrets }}
        - name: {{ $name }}
          mountPath: {{ $secret.mountPath }}
          readOnly: true
        {{- end }}
        {{- if $spec.kubernetes }}
        - name: kubernetes
          mountPath: /var/run/secrets/kubernetes.io/serviceaccount
          readOnly: true
        {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: {{ $values.tmp }}
    {{- if $spec.config }}
    - name: config
      configMap:
        name: {{ include "hardened.name" $root }}
    {{- end }}
    {{- range $name, $secret := $spec.secrets }}
    - name: {{ $name }}
      secret:
        secretName: {{ $secret.secret }}
        defaultMode: 288 # 0440
        {{- with $secret.keys }}
        items:
          {{- range . }}
          - key: {{ . }}
            path: {{ . }}
          {{- end }}
        {{- end }}
    {{- end }}
    {{- if $spec.kubernetes }}
    - name: kubernetes
      projected:
        defaultMode: 288 # 0440
        sources:
          - serviceAccountToken:
              path: token
              expirationSeconds: 3600
          - configMap:
              name: kube-root-ca.crt
              items:
                - key: ca.crt
                  path: ca.crt
          - downwardAPI:
              items:
                - path: namespace
                  fieldRef:
                    apiVersion: v1
                    fieldPath: metadata.namespace
    {{- end }}
{{- end }}

{{- /* The environment, sorted; what comes from elsewhere stands first, so that a plain value may hold $(NAME) of it. */ -}}
{{- define "hardened.env" -}}
{{- range $name, $value := . }}
{{- if kindIs "map" $value }}
- name: {{ $name }}
  valueFrom:
    {{- if $value.secret }}
    secretKeyRef:
      name: {{ $value.secret }}
      key: {{ $value.key }}
    {{- else if $value.field }}
    fieldRef:
      fieldPath: {{ $value.field }}
    {{- else }}
    {{- fail (printf "env %s is %s; expected a text, a number, {secret, key} or {field}." $name (toJson $value)) }}
    {{- end }}
{{- end }}
{{- end }}
{{- range $name, $value := . }}
{{- if not (kindIs "map" $value) }}
- name: {{ $name }}
  value: {{ kindIs "string" $value | ternary $value (toJson $value) | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- /* A probe over HTTP. Takes (list kind probe). */ -}}
{{- define "hardened.probe" -}}
{{- $kind := index . 0 -}}
{{- $probe := index . 1 -}}
httpGet:
  path: {{ $probe.path }}
  port: {{ $probe.port }}
timeoutSeconds: {{ $probe.timeoutSeconds | default 3 }}
{{- if eq $kind "startup" }}
periodSeconds: 2
failureThreshold: {{ div (add (int $probe.withinSeconds) 1) 2 }}
{{- else if eq $kind "readiness" }}
periodSeconds: 5
failureThreshold: 2
{{- else }}
periodSeconds: 10
failureThreshold: 3
{{- end }}
{{- end }}
