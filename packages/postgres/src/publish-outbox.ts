import type { Database } from './database.ts';
import { startOutboxRelay, type OutboxRelay, type OutboxRelayOptions } from './relay-outbox.ts';

/** What a service publishes its outbox with. */
export type Publishing = {
  /** As its relay role. */
  readonly relayDatabase?: Database | undefined;
  readonly bus?: { readonly publish: OutboxRelayOptions['publish'] } | undefined;
  /** Told of every failure; publishing goes on by itself. */
  readonly log: { readonly warn: (fields: { readonly err: unknown }, text: string) => void };
};

/** Publishes the outbox of a service in its name; where a bus or a database of the relay's role is missing, nothing is published. */
export function publishOutbox(service: string, { relayDatabase, bus, log }: Publishing): OutboxRelay | undefined {
  if (relayDatabase === undefined || bus === undefined) return undefined;
  return startOutboxRelay({
    database: relayDatabase,
    source: `/services/${service}`,
    publish: (topic, key, event) => bus.publish(topic, key, event),
    onError: (error) => log.warn({ err: error }, 'publishing events failed'),
  });
}
