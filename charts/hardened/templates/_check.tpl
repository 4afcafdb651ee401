{{- /* Fails on a spec or values that would make a workload other than its author meant. Takes (dict root spec template). */ -}}
{{- define "hardened.check" -}}
{{- $chart := .root.Chart.Name -}}
{{- $spec := .spec -}}
{{- $values := .root.Values.workload -}}
{{- if not (hasKey (default dict $values) "dns") }}
{{- fail (printf "%s: hardened's own values are not under workload; expected `alias: workload` for the dependency hardened in Chart.yaml." $chart) }}
{{- end }}
{{- if $spec.Error }}
{{- fail (printf "%s: the template %q does not write YAML: %s" $chart .template $spec.Error) }}
{{- end }}
{{- $known := list "kind" "command" "args" "env" "ports" "expose" "metrics" "probes" "shutdown" "minReadySeconds" "config" "secrets" "storage" "kubernetes" "ingress" "egress" -}}
{{- range keys $spec | sortAlpha }}
{{- if not (has . $known) }}
{{- fail (printf "%s: the spec has %q; expected only %s." $chart . (join ", " $known)) }}
{{- end }}
{{- end }}
{{- if not (has $spec.kind (list "Deployment" "StatefulSet")) }}
{{- fail (printf "%s: kind is %q; expected Deployment or StatefulSet." $chart (toString $spec.kind)) }}
{{- end }}
{{- if and $spec.storage (ne $spec.kind "StatefulSet") }}
{{- fail (printf "%s: a %s cannot have storage of its own; expected kind StatefulSet." $chart $spec.kind) }}
{{- end }}
{{- if not $spec.ports }}
{{- fail (printf "%s: the spec has no ports; expected a map such as {http: 8080}." $chart) }}
{{- end }}
{{- range concat (default list $spec.expose) (empty $spec.metrics | ternary list (list $spec.metrics)) }}
{{- if not (hasKey $spec.ports .) }}
{{- fail (printf "%s: %q is exposed, but ports has only %s." $chart . (keys $spec.ports | sortAlpha | join ", ")) }}
{{- end }}
{{- end }}
{{- range list "readiness" "liveness" }}
{{- $probe := dig . dict (default dict $spec.probes) }}
{{- if not (and $probe.path $probe.port) }}
{{- fail (printf "%s: there is no %s probe; expected probes.%s with path and port." $chart . .) }}
{{- end }}
{{- end }}
{{- if not (dig "graceSeconds" 0 (default dict $spec.shutdown)) }}
{{- fail (printf "%s: shutdown.graceSeconds is missing; expected how long the program takes to end after SIGTERM." $chart) }}
{{- end }}
{{- $resources := $values.resources }}
{{- range list (list "requests" "cpu") (list "requests" "memory") (list "limits" "memory") }}
{{- if not (dig (index . 0) (index . 1) "" $resources) }}
{{- fail (printf "%s: workload.resources.%s is missing; expected a quantity such as 50m or 64Mi." $chart (join "." .)) }}
{{- end }}
{{- end }}
{{- range concat (default list $spec.ingress) (default list $spec.egress) }}
{{- if not .ports }}
{{- fail (printf "%s: the rule %s has no ports, which would open all; expected a list." $chart (toJson .)) }}
{{- end }}
{{- end }}
{{- end }}
