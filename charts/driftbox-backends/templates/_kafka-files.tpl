{{- define "driftbox.kafkaFiles" -}}
{{- $name := include "driftbox.name" . -}}
{{- $count := int .size.replicas -}}
{{- $inSync := min 2 $count -}}
{{- $domain := printf "%s.%s.svc" $name .root.Release.Namespace -}}
{{- $bootstrap := list -}}
{{- $voters := list -}}
{{- range $n := until $count -}}
{{- $address := printf "%s-%d.%s:9093" $name $n $domain -}}
{{- $bootstrap = append $bootstrap $address -}}
{{- /* A directory's id is any 128 bits in Kafka's base64; these say the node's number. */ -}}
{{- $voters = append $voters (printf "%d@%s:%s" (add1 $n) $address (repeat 16 (index (list "a" "b" "c" "d" "e") $n) | b64enc | trimSuffix "==")) -}}
{{- end -}}
{{- /* The cluster's id: 128 bits of its name, in the same form, so that a release made anew finds its data. */ -}}
{{- $cluster := printf "%s/%s" .root.Release.Namespace .root.Release.Name | sha256sum | trunc 16 | b64enc | trimSuffix "==" -}}
server.properties: |
  process.roles=broker,controller
  node.id=@NODE@
  controller.quorum.bootstrap.servers={{ join "," $bootstrap }}
  {{- /* Brokers of before know no other listener than theirs: among each other all go on by it for this one version. */}}
  {{- $tls := .root.Values.secrets.innerTls }}
  listeners=PLAINTEXT://:9092,CONTROLLER://:9093{{ if $tls }},TLS://:9094{{ end }}
  advertised.listeners=PLAINTEXT://@HOST@.{{ $domain }}:9092,CONTROLLER://@HOST@.{{ $domain }}:9093{{ if $tls }},TLS://@HOST@.{{ $domain }}:9094{{ end }}
  {{- if $tls }}
  listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL
  listener.name.tls.ssl.keystore.type=PEM
  listener.name.tls.ssl.keystore.location=/tmp/tls.pem
  listener.name.tls.ssl.enabled.protocols=TLSv1.3
  listener.name.tls.ssl.protocol=TLSv1.3
  {{- end }}
  controller.listener.names=CONTROLLER
  inter.broker.listener.name=PLAINTEXT
  log.dirs=/var/lib/kafka/data
  auto.create.topics.enable=false
  unclean.leader.election.enable=false
  default.replication.factor={{ $count }}
  min.insync.replicas={{ $inSync }}
  offsets.topic.replication.factor={{ $count }}
  transaction.state.log.replication.factor={{ $count }}
  transaction.state.log.min.isr={{ $inSync }}
  share.coordinator.state.topic.replication.factor={{ $count }}
  share.coordinator.state.topic.min.isr={{ $inSync }}
  log.cleaner.dedupe.buffer.size=16777216
  {{- if eq $count 1 }}
  num.network.threads=2
  num.io.threads=4
  {{- end }}
log4j2.properties: |
  status = WARN
  appender.stdout.type = Console
  appender.stdout.name = STDOUT
  appender.stdout.layout.type = PatternLayout
  appender.stdout.layout.pattern = [%d] %p %m (%c)%n
  rootLogger.level = WARN
  rootLogger.appenderRef.stdout.ref = STDOUT
  logger.kserver.name = kafka.server
  logger.kserver.level = INFO
start.sh: |
  # Formats the storage of a broker that has none, and becomes the broker.
  set -eu
  # The first process of a container hears only what it asks for.
  trap 'exit 143' TERM
  sed -e "s/@NODE@/$((${HOSTNAME##*-} + 1))/" -e "s/@HOST@/$HOSTNAME/g" /etc/kafka/server.properties > /tmp/server.properties
  {{- if .root.Values.secrets.innerTls }}
  (umask 077; cat /etc/kafka-tls/tls.key /etc/kafka-tls/tls.crt > /tmp/tls.pem)
  {{- end }}
  export JAVA_TOOL_OPTIONS='-Djava.awt.headless=true -Dlog4j2.configurationFile=file:/etc/kafka/log4j2.properties -XX:-UsePerfData'
  java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 kafka.tools.StorageTool format --ignore-formatted \
    --cluster-id {{ $cluster }} --initial-controllers {{ join "," $voters }} --config /tmp/server.properties
  exec java -Xms{{ .size.heap }} -Xmx{{ .size.heap }} kafka.Kafka /tmp/server.properties
{{- end }}
