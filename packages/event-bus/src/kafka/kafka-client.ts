import { Kafka, logLevel } from 'kafkajs';
import { quietQueues } from './quiet-queues.ts';

/** Tells of trouble that the bus deals with by itself: for a log. */
export type Warn = (message: string, error?: unknown) => void;

/** Which brokers to ask, and as whom. */
export type KafkaOptions = {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly warn?: Warn | undefined;
};

/** A client that notices a lost broker within seconds and keeps asking the others. Its own log goes to `warn`. */
export function createKafkaClient({ brokers, clientId, warn = () => {} }: KafkaOptions): Kafka {
  quietQueues();
  return new Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 30, factor: 0.2 },
    logLevel: logLevel.ERROR,
    logCreator:
      () =>
      ({ namespace, log }) =>
        warn(`${namespace}: ${log.message}`, log['error'] ?? undefined),
  });
}
