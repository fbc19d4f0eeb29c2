{{- define "driftbox.postgresFiles" -}}
postgresql.conf: |
  hba_file = '/etc/postgres/pg_hba.conf'
  {{- if .root.Values.secrets.innerTls }}
  ident_file = '/etc/postgres/pg_ident.conf'
  {{- end }}
  listen_addresses = '*'
  unix_socket_directories = '/tmp'
  password_encryption = 'scram-sha-256'
  max_connections = {{ .size.connections }}
  shared_buffers = {{ .size.sharedBuffers }}
  dynamic_shared_memory_type = mmap
  log_destination = 'stderr'
  log_line_prefix = '%m [%p] %a %d '
  wal_level = replica
  max_wal_senders = 4
  max_replication_slots = 4
  # A standby that stays away longer than this is made anew; without a bound it would fill the disk.
  wal_keep_size = 256MB
  max_slot_wal_keep_size = 2GB
  hot_standby = on
  {{- if .root.Values.secrets.innerTls }}
  ssl = on
  ssl_min_protocol_version = 'TLSv1.3'
  ssl_cert_file = '/etc/postgres-tls/tls.crt'
  ssl_key_file = '/etc/postgres-tls/tls.key'
  ssl_ca_file = '/etc/postgres-tls/ca.crt'
  {{- end }}
  {{- if gt (int .size.replicas) 1 }}
  # Who has seen a commit acknowledged sees it on the standby too, and it survives the loss of either.
  synchronous_commit = remote_apply
  synchronous_standby_names = 'FIRST 1 (standby)'
  {{- end }}
pg_hba.conf: |
  local all all scram-sha-256
  {{- if .root.Values.secrets.innerTls }}
  # A standby has no password: it is known by its certificate.
  hostssl replication replication all cert map=standby
  host all replication all reject
  host all all all scram-sha-256
pg_ident.conf: |
  standby "/^{{ include "driftbox.name" . }}-[0-9]+[.]" replication
  {{- else }}
  host all all all scram-sha-256
  host replication replication all scram-sha-256
  {{- end }}
start.sh: |
  # Becomes the server{{ if .root.Values.secrets.innerTls }}, and has it told each hour to read its certificate anew, which it does for no other reason{{ end }}.
  set -eu
  {{- if .root.Values.secrets.innerTls }}
  while sleep 3600; do pg_ctl reload --silent --pgdata /var/lib/postgresql/data || true; done &
  {{- end }}
  exec postgres "$@"
prepare.sh: |
  # Makes the data of a server that has none: the first one's from nothing; another's has been copied from the first.
  set -eu
  data=/var/lib/postgresql/data
  test -s "$data/PG_VERSION" && exit 0
  secret=/etc/postgres-secret
  if test "${HOSTNAME##*-}" = 0; then
    rm -rf "$data.new"
    initdb --pgdata "$data.new" --username postgres --pwfile "$secret/password" --auth scram-sha-256 \
      --encoding UTF8 --locale C --data-checksums --no-instructions
    {
      {{- if .root.Values.secrets.innerTls }}
      echo "CREATE ROLE replication REPLICATION LOGIN"
      {{- else }}
      printf "CREATE ROLE replication REPLICATION LOGIN PASSWORD '%s'\n" "$(cat "$secret/replication-password")"
      {{- end }}
      echo "SELECT pg_create_physical_replication_slot('standby')"
    } | postgres --single -D "$data.new" -c wal_level=replica postgres
  else
    test -e "$data.new/standby.signal"
  fi
  # Whatever was cut off before here begins again.
  sync
  mv "$data.new" "$data"
{{- end }}
