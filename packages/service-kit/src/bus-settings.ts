import { ConfigError, defineConfig, type Loaded } from './config.ts';
import { readPem } from './read-pem.ts';

/** Where a service's process sends events and hears them: a row that every such service's own table includes. */
export const eventSettings = defineConfig({
  DRIFTBOX_KAFKA_BROKERS: {
    type: 'string',
    optional: true,
    description: 'Kafka, as host1:9092,host2:9092; without it events wait in the outbox and those of others are not heard',
  },
  DRIFTBOX_KAFKA_PREFIX: {
    type: 'string',
    default: '',
    description: 'Begins the name of every topic and group: another one for each cell that shares a Kafka',
  },
  DRIFTBOX_KAFKA_TLS: {
    type: 'bool',
    default: false,
    description: 'Whether brokers are spoken to by TLS; NODE_EXTRA_CA_CERTS names an authority that is not publicly trusted',
  },
  DRIFTBOX_KAFKA_AUTHORITY_FILE: {
    type: 'string',
    optional: true,
    description: 'Authority in PEM that alone certifies brokers; without it one of those that the process trusts',
  },
  DRIFTBOX_KAFKA_MECHANISM: {
    type: 'enum',
    values: ['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'],
    default: 'SCRAM-SHA-512',
    description: 'How the process logs in to brokers, where it has a name; PLAIN only by TLS',
  },
  DRIFTBOX_KAFKA_USERNAME: { type: 'string', secret: true, optional: true, description: 'Its name there, if brokers want one' },
  DRIFTBOX_KAFKA_PASSWORD: { type: 'string', secret: true, optional: true, description: 'Its password' },
});

/** Where hints travel between processes: a row that every service with hints includes. */
export const hintSettings = defineConfig({
  DRIFTBOX_REDIS_URL: {
    type: 'string',
    secret: true,
    optional: true,
    description: 'Redis for hints, as redis:// or rediss://user:password@host:6379; without it clients learn of changes by events alone',
  },
  DRIFTBOX_REDIS_AUTHORITY_FILE: {
    type: 'string',
    optional: true,
    description: 'Authority in PEM that alone certifies a Redis of rediss://; without it one of those that the process trusts',
  },
  DRIFTBOX_REDIS_CERTIFICATE_FILE: {
    type: 'string',
    optional: true,
    description: 'Certificate in PEM that the process shows to a Redis of rediss:// which asks for one',
  },
  DRIFTBOX_REDIS_KEY_FILE: { type: 'string', optional: true, description: 'Its key' },
  DRIFTBOX_REDIS_PREFIX: {
    type: 'string',
    default: 'driftbox:',
    description: 'Begins every key and channel in Redis: another one for each cell that shares it',
  },
});

const broker = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$/;

/** What a topic or a group of Kafka may be called. */
const prefixForm = /^[A-Za-z0-9._-]{0,100}$/;

type Mechanism = 'SCRAM-SHA-512' | 'SCRAM-SHA-256' | 'PLAIN';

/** The way to Kafka, as the event bus takes it. */
export type KafkaSettings = {
  readonly brokers: readonly string[];
  readonly prefix: string;
  readonly tls: boolean | { readonly ca: readonly string[] };
  readonly sasl?: { readonly mechanism: Mechanism; readonly username: string; readonly password: string };
};

type EventSettings = Loaded<typeof eventSettings>;

/** The way to Kafka, or `undefined` where there is none. Throws `ConfigError`, without a secret, for what cannot be one. */
export function readKafka({ config, secrets }: EventSettings): KafkaSettings | undefined {
  const {
    DRIFTBOX_KAFKA_BROKERS: text,
    DRIFTBOX_KAFKA_PREFIX: prefix,
    DRIFTBOX_KAFKA_TLS: isTls,
    DRIFTBOX_KAFKA_AUTHORITY_FILE: authority,
    DRIFTBOX_KAFKA_MECHANISM: mechanism,
  } = config;
  const { DRIFTBOX_KAFKA_USERNAME: username, DRIFTBOX_KAFKA_PASSWORD: password } = secrets;
  const brokers = text?.split(',').map((one) => one.trim());
  const faults = [
    ...(brokers?.every((one) => broker.test(one)) === false
      ? ['DRIFTBOX_KAFKA_BROKERS must be addresses with ports, such as kafka-1:9092,kafka-2:9092']
      : []),
    ...(prefixForm.test(prefix) ? [] : ['DRIFTBOX_KAFKA_PREFIX must be letters, digits, dots, dashes and underscores, at most 100']),
    ...((username === undefined) === (password === undefined) ? [] : ['DRIFTBOX_KAFKA_USERNAME and DRIFTBOX_KAFKA_PASSWORD go together']),
    ...(username !== undefined && mechanism === 'PLAIN' && !isTls
      ? ['DRIFTBOX_KAFKA_MECHANISM is PLAIN, which needs DRIFTBOX_KAFKA_TLS']
      : []),
    ...(authority !== undefined && !isTls ? ['DRIFTBOX_KAFKA_AUTHORITY_FILE needs DRIFTBOX_KAFKA_TLS'] : []),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
  if (brokers === undefined) return undefined;
  const tls = authority === undefined ? isTls : { ca: [readPem('DRIFTBOX_KAFKA_AUTHORITY_FILE', authority)] };
  return { brokers, prefix, tls, ...(username === undefined || password === undefined ? {} : { sasl: { mechanism, username, password } }) };
}

/** The way to Redis, as `@driftbox/redis` takes it. */
export type RedisSettings = {
  readonly url: string;
  readonly trust?: { readonly ca?: readonly string[]; readonly cert?: string; readonly key?: string };
};

/** The way to Redis, or `undefined` where there is none. Throws `ConfigError`, without the address, for what cannot be one. */
export function readRedis({ config, secrets }: Loaded<typeof hintSettings>): RedisSettings | undefined {
  const { DRIFTBOX_REDIS_AUTHORITY_FILE: authority, DRIFTBOX_REDIS_CERTIFICATE_FILE: certificate, DRIFTBOX_REDIS_KEY_FILE: key } = config;
  const { DRIFTBOX_REDIS_URL: url } = secrets;
  if (url !== undefined && !(/^rediss?:\/\//.test(url) && URL.canParse(url)))
    throw new ConfigError(['DRIFTBOX_REDIS_URL must be a redis:// or rediss:// URL, such as redis://redis:6379']);
  if ((certificate === undefined) !== (key === undefined))
    throw new ConfigError(['DRIFTBOX_REDIS_CERTIFICATE_FILE and DRIFTBOX_REDIS_KEY_FILE go together']);
  if (url === undefined || (authority ?? certificate) === undefined) return url === undefined ? undefined : { url };
  const needs = authority === undefined ? 'DRIFTBOX_REDIS_CERTIFICATE_FILE' : 'DRIFTBOX_REDIS_AUTHORITY_FILE';
  if (!url.startsWith('rediss://')) throw new ConfigError([`${needs} needs a DRIFTBOX_REDIS_URL of rediss://`]);
  const trust = {
    ...(authority === undefined ? {} : { ca: [readPem('DRIFTBOX_REDIS_AUTHORITY_FILE', authority)] }),
    ...(certificate === undefined ? {} : { cert: readPem('DRIFTBOX_REDIS_CERTIFICATE_FILE', certificate) }),
    ...(key === undefined ? {} : { key: readPem('DRIFTBOX_REDIS_KEY_FILE', key) }),
  };
  return { url, trust };
}

/**
 * The Kafka that a service publishes to and the connection string of the role that relays its outbox, `relayUrl`, the
 * value of the setting `relayName`: one is of no use without the other. Throws `ConfigError` where just one is set.
 */
export function readPublishing(
  loaded: EventSettings,
  relayName: string,
  relayUrl: string | undefined,
): { readonly kafka: KafkaSettings; readonly relayUrl: string } | undefined {
  const kafka = readKafka(loaded);
  if (kafka === undefined && relayUrl === undefined) return undefined;
  if (kafka !== undefined && relayUrl !== undefined) return { kafka, relayUrl };
  const [missing, given] = kafka === undefined ? ['DRIFTBOX_KAFKA_BROKERS', relayName] : [relayName, 'DRIFTBOX_KAFKA_BROKERS'];
  throw new ConfigError([`${missing} is missing: ${given} is set, and events are published with both or not at all`]);
}
