{{/* How many of a Deployment there are, and how many may be away at once. */}}
{{- define "driftbox.availability" -}}
{{- if .scaled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "driftbox.name" . }}
  labels: {{- include "driftbox.labels" . | nindent 4 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ include "driftbox.name" . }} }
  minReplicas: {{ .size.replicas }}
  maxReplicas: {{ .size.most }}
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: {{ .root.Values.autoscaling.cpuPercent }} } }
  behavior:
    # Clients come back by themselves when a replica goes: not too many at once.
    scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: Pods, value: 1, periodSeconds: 60 }] }
{{- end }}
{{- include "driftbox.budget" . }}
{{- end }}
