{{- define "cloudflare-operator.spec" -}}
kind: Deployment
minReadySeconds: 5
kubernetes: true
ports:
  http: 8090
metrics: http
env:
  HOST: 0.0.0.0
  PORT: 8090
  LOG_LEVEL: {{ .Values.logLevel }}
  CLOUDFLARE_API_TOKEN_FILE: /run/secrets/cloudflare/token
  CLOUDFLARE_ACCOUNT_ID: {{ .Values.cloudflare.account | required "cloudflare.account is empty; expected the account's identifier." | quote }}
  TUNNEL_NAME: {{ .Values.cloudflare.tunnel | quote }}
  CALL_LIMIT: {{ int .Values.cloudflare.callLimit }}
  OWNER: {{ .Values.owner | quote }}
  DNS_OWNERSHIP: {{ .Values.ownership }}
  SESSION_DURATION: {{ .Values.sessionDuration }}
  PASS_SECONDS: {{ int .Values.passSeconds }}
  LEASE_NAMESPACE: {{ .Release.Namespace }}
  LEASE_NAME: {{ include "hardened.name" . }}
  POD_NAME: { field: metadata.name }
secrets:
  cloudflare: { secret: {{ .Values.cloudflare.existingSecret }}, mountPath: /run/secrets/cloudflare, keys: [token] }
probes:
  # Ready once it knows all Deployments, leading or not.
  readiness: { path: /readyz, port: http }
  liveness: { path: /healthz, port: http }
shutdown:
  # What runs has 30 s, then the Lease is given back.
  graceSeconds: 45
egress:
  - to: {{ toJson .Values.apiServer.to }}
    ports: {{ toJson .Values.apiServer.ports }}
  - to: {{ toJson .Values.internet }}
    ports: [443]
{{- end }}
