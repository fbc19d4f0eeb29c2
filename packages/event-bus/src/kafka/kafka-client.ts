import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { quietQueues } from './quiet-queues.ts';

/** How somebody proves to brokers who they are. */
export type KafkaLogin = {
  readonly mechanism: 'SCRAM-SHA-512' | 'SCRAM-SHA-256' | 'PLAIN';
  readonly username: string;
  readonly password: string;
};

/** Tells of trouble that the bus deals with by itself: for a log. */
export type Warn = (message: string, error?: unknown) => void;

/** Which brokers to ask, and as whom. */
export type KafkaOptions = {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** By TLS, as this process trusts certificates (`NODE_EXTRA_CA_CERTS`) or by the authorities given in PEM; otherwise in plain. */
  readonly tls?: boolean | { readonly ca: readonly string[] } | undefined;
  /** Who asks, where the brokers want to know. */
  readonly sasl?: KafkaLogin | undefined;
  /** In front of the names of all topics and groups: whoever has another one has nothing to do with these. Default none. */
  readonly prefix?: string | undefined;
  readonly warn?: Warn | undefined;
};

/** A client that notices a lost broker within seconds and keeps asking the others, so many times. Its own log goes to `warn`. */
export function createKafkaClient({ brokers, clientId, tls = false, sasl, warn = () => {} }: KafkaOptions, retries = 30): Kafka {
  quietQueues();
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ssl: typeof tls === 'boolean' ? tls : { ca: [...tls.ca] },
    ...(sasl === undefined ? {} : { sasl: saslOf(sasl) }),
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries, factor: 0.2 },
    logLevel: logLevel.ERROR,
    logCreator:
      () =>
      ({ namespace, log }) =>
        warn(`${namespace}: ${log.message}`, log['error'] ?? undefined),
  });
}

/** As kafkajs wants it: the mechanism decides what else is in it. */
function saslOf({ mechanism, ...login }: KafkaLogin): SASLOptions {
  if (mechanism === 'PLAIN') return { mechanism: 'plain', ...login };
  return mechanism === 'SCRAM-SHA-256' ? { mechanism: 'scram-sha-256', ...login } : { mechanism: 'scram-sha-512', ...login };
}
