{{- define "imgproxy-urls.spec" -}}
kind: Deployment
minReadySeconds: 5
ports:
  http: 8080
expose: [http]
command: [nginx, -g, daemon off;]
config:
  mountPath: /etc/nginx/conf.d
  files:
    default.conf: |
      {{- include "imgproxy-urls.nginx" .Values | nindent 6 }}
probes:
  readiness: { path: /healthz, port: http }
  liveness: { path: /healthz, port: http }
shutdown:
  preStopSeconds: 5
  graceSeconds: 30
egress:
  - to: {{ toJson .Values.imgproxy.to }}
    ports: [{{ include "hardened.port" .Values.imgproxy.url }}]
{{- end }}

{{- /* Only the names of pictures that are stored go on; imgproxy sees them as /<signature>/<preset>/plain/<key>. */ -}}
{{- define "imgproxy-urls.nginx" -}}
server {
    listen 8080;
    server_tokens off;
    access_log off;
    location = /healthz {
        return 200;
    }
    location ~ "^/(?:thumb|display)/photos/[0-9a-f]{2}/(?:[0-9a-f]{64}\.jpg|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(?:jpg|png|webp|avif|tif))$" {
        limit_except GET {
            deny all;
        }
        if ($args != "") {
            return 400;
        }
        rewrite "^/(thumb|display)/(photos/.+)$" /{{ .imgproxy.signature }}/$1/plain/$2 break;
        proxy_pass {{ .imgproxy.url }};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_read_timeout {{ int .timeoutSeconds }}s;
        proxy_hide_header Cache-Control;
        proxy_hide_header Expires;
        add_header Cache-Control "public, max-age=31536000, immutable";
        add_header X-Content-Type-Options nosniff;
    }
    location / {
        return 404;
    }
}
{{- end }}
