{{/* One setting with its value in the open. */}}
{{- define "driftbox.setting" -}}
- { name: {{ .name }}, value: {{ .value | toString | quote }} }
{{- end }}

{{/* One setting whose value is in a Secret. */}}
{{- define "driftbox.secretSetting" -}}
- { name: {{ .name }}, valueFrom: { secretKeyRef: { name: {{ .secret }}, key: {{ .key }}{{ if .optional }}, optional: true{{ end }} } } }
{{- end }}

{{/* The environment of a service, as docs/configuration.md describes it. */}}
{{- define "driftbox.settings" -}}
{{- $values := .root.Values -}}
{{- $secrets := $values.secrets -}}
{{- $upper := .part | upper -}}
{{- $service := .service -}}
{{- range $name, $value := dict "HOST" "0.0.0.0" "PORT" "8080" "INTERNAL_PORT" "9090" }}
{{ include "driftbox.setting" (dict "name" (printf "%s_%s" $service.prefix $name) "value" $value) }}
{{- end }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_TRUSTED_PROXIES" "value" 1) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_LOG_LEVEL" "value" $values.logLevel) }}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_SERVICE_KEY" "secret" $secrets.cell "key" "service-key") }}
{{- /* While the key is being replaced there are two. */}}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_OTHER_SERVICE_KEY" "secret" $secrets.cell "key" "other-service-key" "optional" true) }}
{{- if $secrets.innerTls }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_TLS_PORT" "value" 8443) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_INTERNAL_TLS_PORT" "value" 9443) }}
{{- end }}
{{- with include "driftbox.settings.innerTls" (dict "root" .root "awaits" (include "driftbox.calls" . | fromJsonArray)) | trim }}
{{ . }}
{{- end }}
{{- with include "driftbox.settings.authorities" . | trim }}
{{ . }}
{{- end }}
{{- with include "driftbox.tracing" . | trim }}
{{ . }}
{{- end }}
{{- range $service.uses }}
{{ include (printf "driftbox.settings.%s" .) (dict "root" $.root "part" $.part "upper" $upper "size" $.size) | trim }}
{{- end }}
{{- end }}

{{/*
What a program shows the other parts of its cell, and by what it knows them. A version that speaks no TLS may still be on its way out:
nobody gets requests yet who would have to send them on to one.
*/}}
{{- define "driftbox.settings.innerTls" -}}
{{- if .root.Values.secrets.innerTls }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_TLS_CERTIFICATE_FILE" "value" "/etc/driftbox/inner-tls/tls.crt") }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_TLS_KEY_FILE" "value" "/etc/driftbox/inner-tls/tls.key") }}
{{- with .awaits }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_TLS_AUTHORITY_FILE" "value" "/etc/driftbox/inner-tls/ca.crt") }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_TLS_AWAITS" "value" (join "," .)) }}
{{- end }}
{{- end }}
{{- end }}

{{/* The services that a service calls, as they are awaited. As JSON. */}}
{{- define "driftbox.calls" -}}
{{- $all := .root.Files.Get "files/services.yaml" | fromYaml -}}
{{- $calls := list -}}
{{- range .service.uses }}
{{- if hasKey $all . }}{{ $calls = append $calls (printf "%s-%s:9443/9090" $.root.Release.Name .) }}{{ end }}
{{- end }}
{{- toJson $calls -}}
{{- end }}

{{/* Where a service answers the others. */}}
{{- define "driftbox.settings.address" -}}
{{- $address := printf "http://%s-%s:9090" .root.Release.Name .of -}}
{{- if .root.Values.secrets.innerTls }}{{ $address = printf "https://%s-%s:9443" .root.Release.Name .of }}{{ end -}}
{{ include "driftbox.setting" (dict "name" (printf "DRIFTBOX_%s_URL" (upper .of)) "value" $address) }}
{{- end }}

{{- define "driftbox.settings.authorities" -}}
{{- if .root.Values.secrets.authorities }}
{{ include "driftbox.setting" (dict "name" "NODE_EXTRA_CA_CERTS" "value" "/etc/driftbox/authorities/ca.crt") }}
{{- end }}
{{- end }}

{{/* What a program reads of Secrets as files, by what it uses: mounts, and the volumes behind them. */}}
{{- define "driftbox.secretFiles" -}}
{{- $secrets := .root.Values.secrets -}}
{{- $all := list (dict "name" "authorities" "secret" $secrets.authorities "for" "") -}}
{{- $all = append $all (dict "name" "postgres-certificate" "secret" $secrets.postgresCertificate "for" "database") -}}
{{- $all = append $all (dict "name" "redis-certificate" "secret" $secrets.redisCertificate "for" "redis") -}}
{{- $all = append $all (dict "name" "keys" "secret" $secrets.keys "for" "keys") -}}
{{- /* Each part has its own key alone. */ -}}
{{- $own := dict (printf "%s.crt" .part) "tls.crt" (printf "%s.key" .part) "tls.key" "ca.crt" "ca.crt" -}}
{{- $all = append $all (dict "name" "inner-tls" "secret" $secrets.innerTls "for" "" "items" $own) -}}
{{- $files := list -}}
{{- range $all }}
{{- if and .secret (or (eq .for "") (has .for $.uses)) }}{{ $files = append $files . }}{{ end }}
{{- end }}
{{- toJson $files -}}
{{- end }}

{{- define "driftbox.secretMounts" -}}
{{- range include "driftbox.secretFiles" . | fromJsonArray }}
- { name: {{ .name }}, mountPath: /etc/driftbox/{{ .name }}, readOnly: true }
{{- end }}
{{- end }}

{{- define "driftbox.secretVolumes" -}}
{{- range include "driftbox.secretFiles" . | fromJsonArray }}
- name: {{ .name }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
    {{- with .items }}
    items:
      {{- range $key, $file := . }}
      - { key: {{ $key }}, path: {{ $file }} }
      {{- end }}
    {{- end }}
{{- end }}
{{- end }}

{{- define "driftbox.settings.database" -}}
{{ include "driftbox.secretSetting" (dict "name" (printf "DRIFTBOX_%s_DATABASE_URL" .upper) "secret" .root.Values.secrets.databases "key" .part) }}
{{- /* While passwords are being replaced there are two. */}}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_OTHER_DATABASE_PASSWORD" "secret" .root.Values.secrets.databases "key" (printf "other-%s" .part) "optional" true) }}
{{ include "driftbox.setting" (dict "name" (printf "DRIFTBOX_%s_CONNECTIONS" .upper) "value" .size.connections) }}
{{- if .root.Values.postgres.innerTls }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_DATABASE_AUTHORITY_FILE" "value" "/etc/driftbox/inner-tls/ca.crt") }}
{{- end }}
{{- end }}

{{- define "driftbox.settings.relay" -}}
{{ include "driftbox.secretSetting" (dict "name" (printf "DRIFTBOX_%s_RELAY_DATABASE_URL" .upper) "secret" .root.Values.secrets.databases "key" (printf "%s-relay" .part)) }}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_OTHER_RELAY_DATABASE_PASSWORD" "secret" .root.Values.secrets.databases "key" (printf "other-%s-relay" .part) "optional" true) }}
{{- end }}

{{- define "driftbox.settings.kafka" -}}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_KAFKA_BROKERS" "value" (join "," .root.Values.kafka.brokers)) }}
{{- with .root.Values.kafka.prefix }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_KAFKA_PREFIX" "value" .) }}
{{- end }}
{{- if .root.Values.kafka.tls }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_KAFKA_TLS" "value" true) }}
{{- end }}
{{- if .root.Values.kafka.innerTls }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_KAFKA_AUTHORITY_FILE" "value" "/etc/driftbox/inner-tls/ca.crt") }}
{{- end }}
{{- with .root.Values.secrets.kafka }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_KAFKA_MECHANISM" "value" $.root.Values.kafka.mechanism) }}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_KAFKA_USERNAME" "secret" . "key" "username") }}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_KAFKA_PASSWORD" "secret" . "key" "password") }}
{{- end }}
{{- end }}

{{- /* Issuers are said tenant by tenant. */}}
{{- define "driftbox.settings.issuers" -}}
{{- end }}

{{- define "driftbox.settings.redis" -}}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_REDIS_URL" "secret" .root.Values.secrets.redis "key" "url") }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_REDIS_PREFIX" "value" .root.Values.redis.prefix) }}
{{- if .root.Values.redis.innerTls }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_REDIS_AUTHORITY_FILE" "value" "/etc/driftbox/inner-tls/ca.crt") }}
{{- end }}
{{- if .root.Values.secrets.redisCertificate }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_REDIS_CERTIFICATE_FILE" "value" "/etc/driftbox/redis-certificate/tls.crt") }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_REDIS_KEY_FILE" "value" "/etc/driftbox/redis-certificate/tls.key") }}
{{- end }}
{{- end }}

{{- define "driftbox.settings.auth" -}}
{{ include "driftbox.settings.address" (dict "root" .root "of" "auth") }}
{{- end }}

{{- define "driftbox.settings.metadata" -}}
{{ include "driftbox.settings.address" (dict "root" .root "of" "metadata") }}
{{- end }}

{{- define "driftbox.settings.s3" -}}
{{- $s3 := .root.Values.s3 -}}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_S3_ENDPOINT" "value" $s3.endpoint) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_S3_BUCKET" "value" $s3.bucket) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_S3_PREFIX" "value" $s3.prefix) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_S3_REGION" "value" $s3.region) }}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_S3_ACCESS_KEY" "secret" .root.Values.secrets.s3 "key" "access-key") }}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_S3_SECRET_KEY" "secret" .root.Values.secrets.s3 "key" "secret-key") }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_RECOVER_WITHIN" "value" (printf "%dh" (int .root.Values.postgres.recoverWithinHours))) }}
{{- with .root.Values.mirror }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_MIRROR_S3_ENDPOINT" "value" .endpoint) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_MIRROR_S3_BUCKET" "value" .bucket) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_MIRROR_S3_PREFIX" "value" .prefix) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_MIRROR_S3_REGION" "value" .region) }}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_MIRROR_S3_ACCESS_KEY" "secret" $.root.Values.secrets.s3 "key" "mirror-access-key") }}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_MIRROR_S3_SECRET_KEY" "secret" $.root.Values.secrets.s3 "key" "mirror-secret-key") }}
{{- end }}
{{- end }}

{{- define "driftbox.settings.keys" -}}
{{- with .root.Values.transit }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_TRANSIT_URL" "value" .url) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_TRANSIT_MOUNT" "value" .mount) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_TRANSIT_KEY" "value" .key) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_TRANSIT_TOKEN_FILE" "value" "/etc/driftbox/keys/token") }}
{{- with .namespace }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_TRANSIT_NAMESPACE" "value" .) }}
{{- end }}
{{- else }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_KEY_FILE" "value" "/etc/driftbox/keys/keys.json") }}
{{- end }}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_CONTENT_URL_SECRET" "secret" .root.Values.secrets.cell "key" "content-url-secret") }}
{{- end }}

{{- define "driftbox.settings.upload" -}}
{{ include "driftbox.settings.address" (dict "root" .root "of" "upload") }}
{{- end }}

{{- define "driftbox.settings.links" -}}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_CONTENT_URL_SECRET" "secret" .root.Values.secrets.cell "key" "content-url-secret") }}
{{- end }}

{{- define "driftbox.settings.webhooks" -}}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_WEBHOOK_NETWORKS" "value" .root.Values.webhooks.networks) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_WEBHOOK_RATE" "value" .root.Values.webhooks.rate) }}
{{- end }}

{{- define "driftbox.settings.signing" -}}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_SIGNING_KEY_SECRET" "secret" .root.Values.secrets.cell "key" "signing-key-secret") }}
{{- end }}

{{- define "driftbox.settings.mail" -}}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_PUBLIC_URL" "value" .root.Values.publicUrl) }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_MAIL_FROM" "value" .root.Values.mail.from) }}
{{- if .root.Values.secrets.smtp }}
{{ include "driftbox.secretSetting" (dict "name" "DRIFTBOX_SMTP_URL" "secret" .root.Values.secrets.smtp "key" "url") }}
{{- else }}
{{ include "driftbox.setting" (dict "name" "DRIFTBOX_MAIL_FOLDER" "value" "/tmp/mails") }}
{{- end }}
{{- end }}
