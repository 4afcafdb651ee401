{{- /* The OCI manifest that `helm push` makes of a chart, byte for byte: fields stand in the order of helm's structs. */ -}}

{{- define "object" -}}
{{- $object := .object -}}
{{- $parts := list -}}
{{- range .keys -}}
{{- if hasKey $object . -}}
{{- $parts = append $parts (printf "%s:%s" (toJson .) (toJson (get $object .))) -}}
{{- end -}}
{{- end -}}
{{- printf "{%s}" (join "," $parts) -}}
{{- end -}}

{{- define "objects" -}}
{{- $keys := .keys -}}
{{- $parts := list -}}
{{- range .objects -}}
{{- $parts = append $parts (include "object" (dict "object" . "keys" $keys)) -}}
{{- end -}}
{{- printf "[%s]" (join "," $parts) -}}
{{- end -}}

{{- define "config" -}}
{{- $meta := . -}}
{{- $parts := list -}}
{{- range list "name" "home" "sources" "version" "description" "keywords" "maintainers" "icon" "apiVersion" "condition" "tags" "appVersion" "deprecated" "annotations" "kubeVersion" "dependencies" "type" -}}
{{- if hasKey $meta . -}}
{{- $value := toJson (get $meta .) -}}
{{- if eq . "maintainers" -}}
{{- $value = include "objects" (dict "objects" (get $meta .) "keys" (list "name" "email" "url")) -}}
{{- else if eq . "dependencies" -}}
{{- $value = include "objects" (dict "objects" (get $meta .) "keys" (list "name" "version" "repository" "condition" "tags" "enabled" "import-values" "alias")) -}}
{{- end -}}
{{- $parts = append $parts (printf "%s:%s" (toJson .) $value) -}}
{{- end -}}
{{- end -}}
{{- printf "{%s}" (join "," $parts) -}}
{{- end -}}

{{- define "annotations" -}}
{{- $meta := . -}}
{{- $result := omit (get $meta "annotations" | default dict) "org.opencontainers.image.title" "org.opencontainers.image.version" -}}
{{- $ours := dict "title" (get $meta "name") "version" (get $meta "version") "description" (get $meta "description") "url" (get $meta "home") "created" "1980-01-01T00:00:00Z" -}}
{{- with get $meta "sources" }}{{ $_ := set $ours "source" (first .) }}{{ end -}}
{{- $authors := list -}}
{{- range get $meta "maintainers" | default list -}}
{{- $authors = append $authors (printf "%s%s" (get . "name") (ternary (printf " (%s)" (get . "email")) "" (hasKey . "email"))) -}}
{{- end -}}
{{- $_ := set $ours "authors" (join ", " $authors) -}}
{{- range $key, $value := $ours -}}
{{- $name := printf "org.opencontainers.image.%s" $key -}}
{{- if and (trim (toString $value)) (not (hasKey $result $name)) }}{{ $_ := set $result $name $value }}{{ end -}}
{{- end -}}
{{- toJson $result -}}
{{- end -}}

{{- $meta := .Files.Get "meta.yaml" | fromYaml -}}
{{- $config := include "config" $meta -}}
{{- $manifest := printf `{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:%s","size":%d},"layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"sha256:%s","size":%s}],"annotations":%s}` (sha256sum $config) (len $config) .Values.layer .Values.size (include "annotations" $meta) -}}
digest: sha256:{{ sha256sum $manifest }}
