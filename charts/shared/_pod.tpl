{{/* What all pods have in common: nobody in particular, without rights, spread over nodes and zones. */}}
{{- define "driftbox.pod" -}}
serviceAccountName: {{ .root.Release.Name }}
automountServiceAccountToken: {{ .token | default false }}
# Kubernetes would put AUTH_PORT and the like into the environment, where settings are read from.
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- $user := .user | default 65532 }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ $user }}
  runAsGroup: {{ $user }}
  fsGroup: {{ $user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "driftbox.selector" $ | nindent 8 }}
    {{- if not $.stateful }}
    matchLabelKeys: [pod-template-hash]
    {{- end }}
  {{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* The security context of every container. */}}
{{- define "driftbox.container" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* Secrets are read when a process starts: whoever changes one changes this. */}}
{{- define "driftbox.podAnnotations" -}}
{{- with .root.Values.secrets.revision }}
driftbox.io/secrets: {{ . | quote }}
{{- end }}
{{- end }}

{{/* How many of a part may be away at once. One replica gets no budget: it would keep its node from being drained. */}}
{{- define "driftbox.budget" -}}
{{- if gt (int .size.replicas) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "driftbox.name" . }}
  labels: {{- include "driftbox.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "driftbox.selector" . | nindent 6 }}
{{- end }}
{{- end }}

{{/* The identity of a release's pods, which has no rights. */}}
{{- define "driftbox.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .root.Release.Name }}
  labels: {{- include "driftbox.labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- end }}

{{/* Lets Prometheus find a part's metrics; by TLS where `tls` names a Secret with the authority. */}}
{{- define "driftbox.serviceMonitor" -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ include "driftbox.name" . }}
  labels: {{- include "driftbox.labels" . | nindent 4 }}
    {{- with .root.Values.monitoring.labels }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  selector:
    matchLabels: {{- include "driftbox.selector" . | nindent 6 }}
  endpoints:
    - port: {{ ternary "internal-tls" "internal" (ne (.tls | default "") "") }}
      path: /metrics
      {{- with .tls }}
      scheme: https
      tlsConfig: { ca: { secret: { name: {{ . }}, key: ca.crt } }, serverName: {{ include "driftbox.name" $ }} }
      {{- end }}
      interval: {{ .root.Values.monitoring.interval }}
      # Rules and dashboards tell programs apart by it, whatever the release is called.
      relabelings: [{ targetLabel: part, replacement: {{ .part }} }]
{{- end }}

{{/* Where a program sends its traces, if it sends any. */}}
{{- define "driftbox.tracing" -}}
{{- with .root.Values.tracing }}
{{- if .endpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .endpoint | quote }} }
- { name: OTEL_TRACES_SAMPLER_ARG, value: {{ .share | quote }} }
- { name: OTEL_RESOURCE_ATTRIBUTES, value: k8s.namespace.name={{ $.root.Release.Namespace }} }
{{- with .headersSecret }}
- { name: OTEL_EXPORTER_OTLP_HEADERS, valueFrom: { secretKeyRef: { name: {{ . }}, key: headers } } }
{{- end }}
{{- end }}
{{- end }}
{{- end }}
