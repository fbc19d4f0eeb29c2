import { randomUUID } from 'node:crypto';
import assert from 'node:assert/strict';
import { statement } from './statement.ts';
import type { Transaction } from './transaction.ts';

/** A fact to publish once its transaction has committed. */
export type OutboxEvent = {
  readonly topic: string;
  /** Events of one key are published in the order they were appended. */
  readonly key: string;
  readonly type: string;
  readonly data: unknown;
  readonly subject?: string | undefined;
};

const insertEvent = statement({
  name: 'postgres.append-outbox',
  text: `INSERT INTO outbox (tenant, event_id, topic, key, type, subject, data) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
});

const appended = new Set<() => void>();

/**
 * Writes the event in `tx`: it will be published at least once if the transaction commits, and never otherwise. Costs no
 * round trip. Where two transactions append to one key, order is certain only if a lock (the drive's row) keeps them apart.
 * Answers the event's id, by which consumers know a repetition.
 */
export function appendOutbox(tx: Transaction, event: OutboxEvent): string {
  assert(tx.tenantId !== undefined, 'an event belongs to a tenant');
  const id = randomUUID();
  tx.defer(insertEvent, [tx.tenantId, id, event.topic, event.key, event.type, event.subject ?? null, JSON.stringify(event.data)]);
  tx.afterCommit(announce);
  return id;
}

function announce(): void {
  for (const listener of appended) listener();
}

/** Calls `listener` after every commit in this process that appended an event; answers how to stop. */
export function onAppended(listener: () => void): () => void {
  appended.add(listener);
  return () => appended.delete(listener);
}
