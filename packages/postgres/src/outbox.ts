import { randomUUID } from 'node:crypto';
import assert from 'node:assert/strict';
import { currentTraceparent } from '@driftbox/tracing';
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
  text: `INSERT INTO outbox (tenant, event_id, topic, key, type, subject, data, traceparent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
});

/**
 * Writes the event in `tx`: it will be published at least once if the transaction commits, and never otherwise. Costs no
 * round trip. Where two transactions append to one key, order is certain only if a lock (the drive's row) keeps them apart.
 * It goes on in the trace of
 * the step that is being done. Answers the event's id, by which consumers know a repetition.
 */
export function appendOutbox(tx: Transaction, event: OutboxEvent): string {
  assert(tx.tenantId !== undefined, 'an event belongs to a tenant');
  const id = randomUUID();
  const { topic, key, type, subject, data } = event;
  tx.defer(insertEvent, [tx.tenantId, id, topic, key, type, subject ?? null, JSON.stringify(data), currentTraceparent() ?? null]);
  tx.afterCommit(announcementOf(tx.schema).announce);
  return id;
}

/** By schema: in a process with several services each relay is woken for its own outbox only. */
const announcements = new Map<string, { readonly listeners: Set<() => void>; readonly announce: () => void }>();

function announcementOf(schema = ''): { readonly listeners: Set<() => void>; readonly announce: () => void } {
  const known = announcements.get(schema);
  if (known !== undefined) return known;
  const listeners = new Set<() => void>();
  const made = { listeners, announce: () => listeners.forEach((listener) => listener()) };
  announcements.set(schema, made);
  return made;
}

/** Calls `listener` after every commit in this process that appended an event in `schema`; answers how to stop. */
export function onAppended(schema: string | undefined, listener: () => void): () => void {
  const { listeners } = announcementOf(schema);
  listeners.add(listener);
  return () => listeners.delete(listener);
}
