{{- /* Denies all traffic of the workload's pods, both ways, but what is declared. Takes (dict root spec). */ -}}
{{- define "hardened.networkPolicy" -}}
{{- $root := .root -}}
{{- $spec := .spec -}}
{{- $values := $root.Values.workload -}}
{{- $ingress := $spec.ingress | default list -}}
{{- with $spec.expose }}
{{- $ingress = prepend $ingress (dict "from" $values.clients "ports" .) }}
{{- end }}
{{- with $spec.metrics }}
{{- $ingress = append $ingress (dict "from" $values.scrapers "ports" (list .)) }}
{{- end }}
{{- $dns := dict "to" $values.dns "ports" (list (dict "port" 53 "protocol" "UDP") (dict "port" 53)) -}}
{{- $egress := prepend ($spec.egress | default list) $dns -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "hardened.metadata" (list $root (include "hardened.name" $root)) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "hardened.selector" $root | nindent 6 }}
  policyTypes:
    - Ingress
    - Egress
  ingress: {{- include "hardened.rules" (list $root "from" $ingress $spec.ports) | trim | nindent 4 }}
  egress: {{- include "hardened.rules" (list $root "to" $egress dict) | trim | nindent 4 }}
{{- end }}

{{- /* Rules of a NetworkPolicy; one without peers is left out, since Kubernetes reads it as everybody. Takes (list root "from"|"to" rules named-ports). */ -}}
{{- define "hardened.rules" -}}
{{- $root := index . 0 -}}
{{- $side := index . 1 -}}
{{- $ports := index . 3 -}}
{{- $some := false -}}
{{- range index . 2 }}
{{- if get . $side }}
{{- $some = true }}
- {{ $side }}:
    {{- include "hardened.peers" (list $root (get . $side)) | trim | nindent 4 }}
  ports:
    {{- range .ports }}
    {{- $port := kindIs "map" . | ternary . (dict "port" .) }}
    - protocol: {{ $port.protocol | default "TCP" }}
      port: {{ get $ports (toString $port.port) | default $port.port }}
    {{- end }}
{{- end }}
{{- end }}
{{- if not $some }}
[]
{{- end }}
{{- end }}

{{- /* Peers of a NetworkPolicy: pods of an app, pods with labels, the workload itself, or addresses. Takes (list root peers). */ -}}
{{- define "hardened.peers" -}}
{{- $root := index . 0 -}}
{{- range index . 1 }}
{{- if .cidr }}
- ipBlock:
    cidr: {{ .cidr }}
    {{- with .except }}
    except:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- else if .self }}
- podSelector:
    matchLabels:
      {{- include "hardened.selector" $root | nindent 6 }}
{{- else if or .app .labels }}
- podSelector:
    matchLabels:
      {{- with .app }}
      app.kubernetes.io/name: {{ . }}
      {{- end }}
      {{- with .labels }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
  {{- with .namespace }}
  namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ . }}
  {{- end }}
{{- else }}
{{- fail (printf "%s: the peer %s lets in everybody or nobody; expected app or labels (and namespace, if it is another one), cidr, or self: true." $root.Chart.Name (toJson .)) }}
{{- end }}
{{- end }}
{{- end }}
