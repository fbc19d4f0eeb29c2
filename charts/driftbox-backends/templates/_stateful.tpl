{{/* What all StatefulSets of this chart have in common, up to their pods' containers. */}}
{{- define "driftbox.stateful" -}}
serviceName: {{ include "driftbox.name" . }}
replicas: {{ .size.replicas }}
revisionHistoryLimit: 3
podManagementPolicy: {{ .management | default "Parallel" }}
selector:
  matchLabels: {{- include "driftbox.selector" . | nindent 4 }}
# Data outlives the release: whoever wants it gone deletes the claims.
persistentVolumeClaimRetentionPolicy: { whenDeleted: Retain, whenScaled: Retain }
volumeClaimTemplates:
  {{- range $name := include "driftbox.volumes" . | fromJsonArray }}
  - metadata:
      name: {{ $name }}
      labels: {{- include "driftbox.selector" $ | nindent 8 }}
    spec:
      accessModes: [ReadWriteOnce]
      {{- with $.size.storageClass | default $.root.Values.storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources: { requests: { storage: {{ $.size.storage }} } }
  {{- end }}
{{- end }}

{{/* The volumes of each pod by name: `data`, or for several drives `data1` and so on. As JSON. */}}
{{- define "driftbox.volumes" -}}
{{- $names := list "data" -}}
{{- if gt (int .drives) 1 -}}
{{- $names = list -}}
{{- range $n := until (int .drives) -}}{{- $names = append $names (printf "data%d" (add1 $n)) -}}{{- end -}}
{{- end -}}
{{- toJson $names -}}
{{- end }}

{{/* Labels and annotations of a part's pods; `files` is text whose change starts them anew, as does another `certificate`. */}}
{{- define "driftbox.podMetadata" -}}
labels: {{- include "driftbox.podLabels" . | nindent 2 }}
annotations:
  driftbox.io/files: {{ sha256sum .files }}
  {{- with .certificate }}
  driftbox.io/certificate: {{ . | quote }}
  {{- end }}
  {{- include "driftbox.podAnnotations" . | trim | nindent 2 }}
{{- end }}

{{/* Each replica by its own name, also while it is not ready: members look for each other before they are. */}}
{{- define "driftbox.headless" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "driftbox.name" . }}
  labels: {{- include "driftbox.labels" . | nindent 4 }}
spec:
  type: ClusterIP
  clusterIP: None
  publishNotReadyAddresses: true
  selector: {{- include "driftbox.selector" . | nindent 4 }}
  ports:
    {{- range $name, $port := .ports }}
    - { name: {{ $name }}, port: {{ $port }}, targetPort: {{ $name }} }
    {{- end }}
{{- end }}

{{/* Files of a part, from a folder of the chart. */}}
{{- define "driftbox.files" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "driftbox.name" . }}
  labels: {{- include "driftbox.labels" . | nindent 4 }}
data: {{- .files | nindent 2 }}
{{- end }}

{{/* One address for whichever replicas are ready. */}}
{{- define "driftbox.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "driftbox.name" . }}{{ .suffix }}
  labels: {{- include "driftbox.labels" . | nindent 4 }}
spec:
  type: ClusterIP
  selector: {{- include "driftbox.selector" . | nindent 4 }}
  ports:
    - { name: {{ .target }}, port: {{ .port }}, targetPort: {{ .target }} }
{{- end }}

{{/* The certificate of a part, as files of its pods, where it has one; and the volume behind them. */}}
{{- define "driftbox.tlsMount" -}}
{{- if .root.Values.secrets.innerTls }}
- { name: tls, mountPath: /etc/{{ .part }}-tls, readOnly: true }
{{- end }}
{{- end }}

{{- define "driftbox.tlsVolume" -}}
{{- with .root.Values.secrets.innerTls }}
- name: tls
  secret:
    secretName: {{ . }}
    defaultMode: 0440
    # Each part has its own key alone.
    items: [{ key: {{ $.part }}.crt, path: tls.crt }, { key: {{ $.part }}.key, path: tls.key }, { key: ca.crt, path: ca.crt }]
{{- end }}
{{- end }}
