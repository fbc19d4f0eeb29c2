{{/* The Cluster of CloudNativePG: there is one in a namespace, and its name may be no longer than 50. */}}
{{- define "driftbox.postgresCluster" -}}
driftbox-postgres
{{- end }}

{{/* The Kafka of Strimzi, which is one in a namespace as well. */}}
{{- define "driftbox.kafkaCluster" -}}
driftbox-kafka
{{- end }}

{{/* What pods that other operators make for us may send to besides each other: questions for names, and the API server that tells their
     managers what to be, whose address no policy can name. */}}
{{- define "driftbox.delegatedEgress" -}}
- to: {{- toYaml .Values.networkPolicy.dns.peers | nindent 4 }}
  ports:
    {{- range $port := .Values.networkPolicy.dns.ports }}
    - { protocol: UDP, port: {{ $port }} }
    - { protocol: TCP, port: {{ $port }} }
    {{- end }}
- ports: [{ port: 443 }, { port: 6443 }]
{{- end }}
