import { ConfigError, defineConfig, type Loaded } from './config.ts';

/** Where a service's process sends events and hears them: a row that every such service's own table includes. */
export const eventSettings = defineConfig({
  DRIFTBOX_KAFKA_BROKERS: {
    type: 'string',
    optional: true,
    description: 'Kafka, as host1:9092,host2:9092; without it events wait in the outbox and those of others are not heard',
  },
});

/** Where hints travel between processes: a row that every service with hints includes. */
export const hintSettings = defineConfig({
  DRIFTBOX_REDIS_URL: {
    type: 'string',
    secret: true,
    optional: true,
    description: 'Redis for hints, as redis:// or rediss://user:password@host:6379; without it clients learn of changes by events alone',
  },
  DRIFTBOX_REDIS_PREFIX: {
    type: 'string',
    default: 'driftbox:',
    description: 'Begins every key and channel in Redis: another one for each cell that shares it',
  },
});

const broker = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$/;

/** The brokers, or `undefined` where none are set. Throws `ConfigError` for what is no list of addresses. */
export function readBrokers({ DRIFTBOX_KAFKA_BROKERS: text }: Loaded<typeof eventSettings>['config']): readonly string[] | undefined {
  const brokers = text?.split(',').map((one) => one.trim());
  if (brokers?.every((one) => broker.test(one)) === false) {
    throw new ConfigError(['DRIFTBOX_KAFKA_BROKERS must be addresses with ports, such as kafka-1:9092,kafka-2:9092']);
  }
  return brokers;
}

/** Redis's address, or `undefined` where none is set. Throws `ConfigError`, without the address, for what is none. */
export function readRedisUrl({ DRIFTBOX_REDIS_URL: text }: Loaded<typeof hintSettings>['secrets']): string | undefined {
  if (text !== undefined && !(/^rediss?:\/\//.test(text) && URL.canParse(text))) {
    throw new ConfigError(['DRIFTBOX_REDIS_URL must be a redis:// or rediss:// URL, such as redis://redis:6379']);
  }
  return text;
}

/**
 * The brokers that a service publishes to and the connection string of the role that relays its outbox, `relayUrl`, the
 * value of the setting `relayName`: one is of no use without the other. Throws `ConfigError` where just one is set.
 */
export function readPublishing(
  config: Loaded<typeof eventSettings>['config'],
  relayName: string,
  relayUrl: string | undefined,
): { readonly brokers: readonly string[]; readonly relayUrl: string } | undefined {
  const brokers = readBrokers(config);
  if (brokers === undefined && relayUrl === undefined) return undefined;
  if (brokers !== undefined && relayUrl !== undefined) return { brokers, relayUrl };
  const [missing, given] = brokers === undefined ? ['DRIFTBOX_KAFKA_BROKERS', relayName] : [relayName, 'DRIFTBOX_KAFKA_BROKERS'];
  throw new ConfigError([`${missing} is missing: ${given} is set, and events are published with both or not at all`]);
}
