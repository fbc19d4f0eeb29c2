{{/* How a service's process says that it lives and can serve. */}}
{{- define "driftbox.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: internal }
  periodSeconds: 2
  failureThreshold: 60
readinessProbe:
  httpGet: { path: /readyz, port: internal }
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
livenessProbe:
  httpGet: { path: /healthz, port: internal }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{- end }}
