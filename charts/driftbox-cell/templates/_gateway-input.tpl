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
{{- $names := dict -}}
{{- $port := ternary 8443 8080 (ne .Values.secrets.innerTls "") -}}
{{- range $part, $service := .Files.Get "files/services.yaml" | fromYaml -}}
{{- /* Named twice: NGINX tries a second time only where there is a second server, and each connection may reach another replica. */ -}}
{{- $server := dict "address" (printf "%s-%s:%d" $.Release.Name $part $port) -}}
{{- $_ := set $upstreams $part (list $server $server) -}}
{{- $_ := set $names $part (printf "%s-%s" $.Release.Name $part) -}}
{{- end -}}
{{- $tls := dict -}}
{{- if .Values.secrets.innerTls -}}
{{- $tls = dict "upstreamTls" (dict "authority" "/etc/gateway/inner/ca.crt" "names" $names) -}}
{{- end -}}
{{- merge $tls (dict
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
  "workers" $gateway.workers)
  | toPrettyJson -}}
{{- end }}

{{/* The services that a gateway's pod calls, as they are awaited: NGINX all of them, and verify two. As JSON. */}}
{{- define "driftbox.gatewayCalls" -}}
{{- $calls := list -}}
{{- range .Files.Get "files/services.yaml" | fromYaml | keys | sortAlpha }}
{{- $calls = append $calls (printf "%s-%s:8443/8080" $.Release.Name .) -}}
{{- end }}
{{- range list "auth" "metadata" }}
{{- $calls = append $calls (printf "%s-%s:9443/9090" $.Release.Name .) -}}
{{- end }}
{{- toJson $calls -}}
{{- end }}
