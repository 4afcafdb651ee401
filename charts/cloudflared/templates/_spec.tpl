{{- define "cloudflared.spec" -}}
kind: Deployment
minReadySeconds: 10
command: [cloudflared]
args: [tunnel, --no-autoupdate, run]
ports:
  metrics: 2000
metrics: metrics
env:
  TUNNEL_TOKEN_FILE: /run/secrets/tunnel/token
  TUNNEL_METRICS: 0.0.0.0:2000
  TUNNEL_LOGLEVEL: {{ .Values.logLevel }}
  TUNNEL_TRANSPORT_PROTOCOL: {{ .Values.tunnel.protocol }}
  TUNNEL_GRACE_PERIOD: {{ int .Values.tunnel.graceSeconds }}s
secrets:
  tunnel: { secret: {{ .Values.tunnel.existingSecret }}, mountPath: /run/secrets/tunnel, keys: [token] }
probes:
  # Ready with one connection to Cloudflare; without any, a restart would not bring one.
  readiness: { path: /ready, port: metrics }
  liveness: { path: /healthcheck, port: metrics }
shutdown:
  graceSeconds: {{ add (int .Values.tunnel.graceSeconds) 5 }}
egress:
  - to: {{ toJson .Values.internet }}
    ports: [443, 7844, { port: 7844, protocol: UDP }]
  {{- range .Values.services }}
  - to: {{ list (omit . "port") | toJson }}
    ports: [{{ int .port }}]
  {{- end }}
{{- end }}
