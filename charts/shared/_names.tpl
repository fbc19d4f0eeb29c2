{{/* The name of a part: `cell-auth`. */}}
{{- define "driftbox.name" -}}
{{ .root.Release.Name }}-{{ .part }}
{{- end }}

{{/* What a part's pods are found by; never changes. */}}
{{- define "driftbox.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{/* Every label of a part's objects. */}}
{{- define "driftbox.labels" -}}
{{ include "driftbox.selector" . }}
app.kubernetes.io/part-of: driftbox
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* The labels of a part's pods: nothing that a new chart alone would change, for that would start them anew. */}}
{{- define "driftbox.podLabels" -}}
{{ include "driftbox.selector" . }}
app.kubernetes.io/part-of: driftbox
{{- end }}

{{/* An image by its digest: what runs is what was tested, whatever a tag says today. */}}
{{- define "driftbox.image" -}}
{{- $image := index .root.Values.images .image -}}
{{- $digest := required (printf "images.%s.digest is missing: an image is named by its digest, `sha256:…`" .image) $image.digest -}}
{{- with .root.Values.imageRegistry }}{{ . }}/{{ end }}{{ $image.repository }}@{{ $digest }}
{{- end }}

{{/* A part's size: its profile, changed by the values. As JSON. */}}
{{- define "driftbox.size" -}}
{{- $profile := index (.root.Files.Get "files/profiles.yaml" | fromYaml) .root.Values.profile -}}
{{- mergeOverwrite (index $profile .part) (index .root.Values.sizes .part | default dict) | toJson -}}
{{- end }}

{{/* Requests and limits of a size. */}}
{{- define "driftbox.resources" -}}
requests: { cpu: {{ .cpu | quote }}, memory: {{ .memory | quote }} }
limits: { cpu: {{ .cpuLimit | quote }}, memory: {{ .memoryLimit | quote }} }
{{- end }}
