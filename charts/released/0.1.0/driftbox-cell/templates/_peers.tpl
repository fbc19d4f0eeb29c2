{{/* The pods of a part, as a peer of a policy. */}}
{{- define "driftbox.peer" -}}
{ podSelector: { matchLabels: {{ include "driftbox.selector" . | fromYaml | toJson }} } }
{{- end }}

{{/* The way to a back end: to its peers, or without any to wherever it may be, on its port. */}}
{{- define "driftbox.egress" -}}
- ports: [{ port: {{ .port }} }]
  {{- with .peers }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* The way to the collector of traces, if there is one. */}}
{{- define "driftbox.egressOfTraces" -}}
{{- if .endpoint }}
{{ include "driftbox.egress" (dict "peers" .peers "port" (include "driftbox.portOf" .endpoint)) }}
{{- end }}
{{- end }}

{{/* The port of a URL, stated or its scheme's. */}}
{{- define "driftbox.portOf" -}}
{{- $url := urlParse . -}}
{{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (ternary "443" "80" (eq $url.scheme "https")) -}}
{{- end }}
