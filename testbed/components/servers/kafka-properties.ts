/** One broker that is a controller as well. */
export type KafkaNode = { readonly id: number; readonly port: number; readonly controllerPort: number };

/** Where a broker also listens with TLS, for users who log in by SCRAM-SHA-512: certificate and key, in PEM, are in `keyStore`. */
type Secure = { readonly broker: string; readonly keyStore: string };

/** The configuration of a broker among `nodes`: small, quick to notice a lost neighbour, and never losing what it acknowledged. */
export function kafkaProperties(node: KafkaNode, nodes: readonly KafkaNode[], dataFolder: string, secure?: Secure): string {
  const replicas = nodes.length;
  const inSync = Math.min(2, replicas);
  const plain = `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`;
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.bootstrap.servers': nodes.map((one) => `127.0.0.1:${one.controllerPort}`).join(','),
    listeners: `${plain}${secure === undefined ? '' : `,SASL_SSL://127.0.0.1:${secure.broker.split(':')[1]}`}`,
    'advertised.listeners': `${plain}${secure === undefined ? '' : `,SASL_SSL://${secure.broker}`}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': dataFolder,
    'auto.create.topics.enable': false,
    'unclean.leader.election.enable': false,
    'num.partitions': 6,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 6,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 6,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'num.recovery.threads.per.data.dir': 2,
    'replica.fetch.wait.max.ms': 100,
    'broker.session.timeout.ms': 6_000,
    'broker.heartbeat.interval.ms': 1_000,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    ...(secure === undefined ? {} : loginSettings(secure)),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function loginSettings({ keyStore }: Secure): Readonly<Record<string, string>> {
  return {
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyStore,
  };
}
