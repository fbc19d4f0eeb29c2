{{/* What NGINX's configuration is printed from (docs/gateway.md). As JSON. */}}
{{- define "driftbox.gatewayInput" -}}
{{- $gateway := .Values.gateway -}}
{{- $host := dict "names" $gateway.hosts -}}
{{- $listeners := list (dict "address" "0.0.0.0:8080" "kind" "plain") -}}
{{- if $gateway.tlsSecret -}}
{{- $host = merge $host (dict "certificate" "/etc/gateway/tls/tls.crt" "key" "/etc/gateway/tls/tls.key") -}}
{{- $plain := ternary "redirect" "plain" (eq .Values.exposure.kind "none") -}}
{{- $listeners = list (dict "address" "0.0.0.0:8080" "kind" $plain) (dict "address" "0.0.0.0:8443" "kind" "tls") -}}
{{- end -}}
{{- $upstreams := dict -}}
{{- range $part, $service := .Files.Get "files/services.yaml" | fromYaml -}}
{{- /* Named twice: NGINX tries a second time only where there is a second server, and each connection may reach another replica. */ -}}
{{- $server := dict "address" (printf "%s-%s:8080" $.Release.Name $part) -}}
{{- $_ := set $upstreams $part (list $server $server) -}}
{{- end -}}
{{- dict
  "folder" "/run/gateway"
  "listeners" $listeners
  "hosts" (list $host)
  "renewsCertificates" true
  "anyHost" (ne .Values.exposure.kind "none")
  "upstreams" $upstreams
  "verify" "127.0.0.1:7500"
  "status" "0.0.0.0:8090"
  "trustedProxies" $gateway.trustedProxies
  "limits" $gateway.limits
  "timeouts" $gateway.timeouts
  "workers" $gateway.workers
  | toPrettyJson -}}
{{- end }}
