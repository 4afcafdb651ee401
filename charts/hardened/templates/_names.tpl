{{- /* The name of all objects of a workload: that of the release. */ -}}
{{- define "hardened.name" -}}
{{- .Release.Name -}}
{{- end }}

{{- /* What a workload's pods are selected by. */ -}}
{{- define "hardened.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* The labels of all objects. The chart's version is not among them: it would change every object each time. */ -}}
{{- define "hardened.labels" -}}
{{ include "hardened.selector" . }}
app.kubernetes.io/version: {{ .Values.workload.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- /* The metadata of an object, by its name. Takes (list root name). */ -}}
{{- define "hardened.metadata" -}}
{{- $root := index . 0 -}}
name: {{ index . 1 }}
namespace: {{ $root.Release.Namespace }}
labels:
  {{- include "hardened.labels" $root | nindent 2 }}
{{- end }}

{{- /* The image to run: by digest where there is one, by tag else. */ -}}
{{- define "hardened.image" -}}
{{- $image := .Values.workload.image -}}
{{- $repository := required (printf "%s: workload.image.repository is empty; expected the name of an image." .Chart.Name) $image.repository -}}
{{- $name := empty $image.registry | ternary $repository (printf "%s/%s" $image.registry $repository) -}}
{{- $tag := $image.tag | default .Chart.AppVersion -}}
{{- if $image.digest -}}
{{ printf "%s@%s" $name $image.digest }}
{{- else if or (not $tag) (eq $tag "latest") -}}
{{- fail (printf "%s: workload.image.tag is %q; expected a version that stays what it is, or a digest." .Chart.Name $tag) -}}
{{- else -}}
{{ printf "%s:%s" $name $tag }}
{{- end -}}
{{- end }}

{{- /* The port of a URL; 443 for https and tls, 80 for http, 4222 for nats unless it names one. */ -}}
{{- define "hardened.port" -}}
{{- $url := urlParse . -}}
{{- $known := dict "http" "80" "https" "443" "nats" "4222" "tls" "4222" -}}
{{- if regexMatch ":[0-9]+$" $url.host -}}
{{ regexFind "[0-9]+$" $url.host }}
{{- else -}}
{{ get $known $url.scheme | required (printf "%q has no port; expected one, as in http://host:8080." .) }}
{{- end -}}
{{- end }}
