{{- /* The environment of a service of ours that speaks NATS. Takes {url, existingSecret}. */ -}}
{{- define "hardened.clientOfNats" -}}
{{- if .existingSecret -}}
{{- $url := urlParse .url -}}
NATS_USER: { secret: {{ .existingSecret }}, key: user }
NATS_PASSWORD: { secret: {{ .existingSecret }}, key: password }
NATS_URL: {{ printf "%s://$(NATS_USER):$(NATS_PASSWORD)@%s" $url.scheme $url.host | quote }}
{{- else -}}
NATS_URL: {{ .url | quote }}
{{- end -}}
{{- end }}

{{- /* The environment of a service of ours that speaks S3. Takes {endpoint, region, bucket}; goes with hardened.secretOfS3. */ -}}
{{- define "hardened.clientOfS3" -}}
S3_ENDPOINT: {{ .endpoint | quote }}
S3_REGION: {{ .region | quote }}
S3_BUCKET: {{ .bucket | quote }}
S3_ACCESS_KEY_ID_FILE: /run/secrets/s3/access-key-id
S3_SECRET_ACCESS_KEY_FILE: /run/secrets/s3/secret-access-key
{{- end }}

{{- /* The files that hardened.clientOfS3 names. Takes {existingSecret}. */ -}}
{{- define "hardened.secretOfS3" -}}
s3:
  secret: {{ .existingSecret }}
  mountPath: /run/secrets/s3
  keys: [access-key-id, secret-access-key]
{{- end }}
