{{/* How a service's process says that it lives and can serve. A kubelet asks by TLS as well, though it demands no proof of a name. */}}
{{- define "driftbox.probes" -}}
startupProbe:
  httpGet: {{ include "driftbox.healthz" . }}
  periodSeconds: 2
  failureThreshold: 60
readinessProbe:
  httpGet: {{ include "driftbox.readyz" . }}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
livenessProbe:
  httpGet: {{ include "driftbox.healthz" . }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{- end }}

{{/* The port of health and metrics: by TLS where there are certificates. */}}
{{- define "driftbox.internalPort" -}}
{{ ternary "internal-tls" "internal" (ne .Values.secrets.innerTls "") }}
{{- end }}

{{- define "driftbox.healthz" -}}
{ path: /healthz, port: {{ include "driftbox.internalPort" . }}, scheme: {{ include "driftbox.internalScheme" . }} }
{{- end }}

{{- define "driftbox.readyz" -}}
{ path: /readyz, port: {{ include "driftbox.internalPort" . }}, scheme: {{ include "driftbox.internalScheme" . }} }
{{- end }}

{{- define "driftbox.internalScheme" -}}
{{ ternary "HTTPS" "HTTP" (ne .Values.secrets.innerTls "") }}
{{- end }}
