import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';
import { sweepIdempotencyKeys } from './idempotency.ts';
import { onAppended } from './outbox.ts';
import { acquireLease, releaseLease, type Lease } from './outbox-lease.ts';
import { statement } from './statement.ts';
import { listen } from './wakes.ts';

/** An event as it is published: CloudEvents 1.0 in JSON, with the tenant as an extension attribute. */
export type PublishedEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly subject?: string;
  readonly tenant: string;
  readonly partitionkey: string;
  /** The step that made it true (distributed tracing extension). */
  readonly traceparent?: string;
  readonly data: unknown;
};

/** Durations in milliseconds. */
export type OutboxRelayOptions = {
  /** A pool of the relay's role, in the service's schema; two connections suffice. */
  readonly database: Database;
  /** CloudEvents `source`, for example `/services/metadata`. */
  readonly source: string;
  /** Resolves when the event is durable on the bus. Called in order, and one at a time, for each key. */
  readonly publish: (topic: string, key: string, event: PublishedEvent) => Promise<void>;
  /** Rows read at once; default 200. */
  readonly batchSize?: number | undefined;
  /** The longest an event waits if every wake-up was lost; default 5,000. */
  readonly pollMs?: number | undefined;
  /** How long a relay that was woken gathers events before it looks, so that a busy service pays for few looks; default 10. */
  readonly lingerMs?: number | undefined;
  /** How long after a holder's death another takes over; default 15,000. */
  readonly leaseMs?: number | undefined;
  /** Told of every failure; the relay goes on by itself. */
  readonly onError: (error: unknown) => void;
};

/** A running relay. */
export type OutboxRelay = {
  /** Looks now instead of at the next poll. */
  wake(): void;
  /** Ends after what is being published has been acknowledged and deleted; gives up the lease. */
  stop(): Promise<void>;
};

type Row = {
  id: number;
  tenant: string;
  event_id: string;
  topic: string;
  key: string;
  type: string;
  subject: string | null;
  data: unknown;
  occurred_at: number;
  traceparent: string | null;
};

const readUnsent = statement({
  name: 'postgres.read-outbox',
  text: `SELECT id, tenant, event_id, topic, key, type, subject, data, occurred_at, traceparent FROM outbox ORDER BY id LIMIT $1`,
});

const deleteSent = statement({
  name: 'postgres.delete-outbox',
  text: `DELETE FROM outbox WHERE id = ANY($1::bigint[])
         AND EXISTS (SELECT 1 FROM outbox_lease WHERE key_range = 0 AND fence = $2 FOR SHARE)`,
});

/**
 * Publishes a service's outbox, at least once and in order per key, from whichever of its processes holds the lease. It
 * reads what is there, never from a high-water mark: a transaction that commits late has its rows taken at the next look.
 */
export function startOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  const { database, batchSize = 200, pollMs = 5_000, lingerMs = 10, leaseMs = 15_000, onError } = options;
  const holder = randomUUID();
  const wakes = listen(database, 'driftbox_outbox', onError);
  let stopping = false;
  let lease: Lease | undefined;
  let leaseTakenMs = 0;
  const forget = onAppended(database.schema, () => (lease !== undefined ? wakes.wake() : wakes.tellOthers()));

  /** One look: true when there may be more at once. */
  async function look(): Promise<boolean> {
    const nowMs = performance.now();
    if (lease === undefined || nowMs - leaseTakenMs > leaseMs / 3) {
      lease = await acquireLease(database, holder, leaseMs);
      leaseTakenMs = nowMs;
    }
    if (lease === undefined) return false;
    const { rows } = await database.query<Row>(readUnsent, [batchSize]);
    if (rows.length === 0) return false;
    const { sent, failure } = await publishByKey(rows, options);
    if (sent.length > 0) await database.query(deleteSent, [sent, lease.fence]);
    if (failure !== undefined) throw failure;
    return rows.length === batchSize;
  }

  async function run(): Promise<void> {
    let failures = 0;
    let sweptMs = Number.NEGATIVE_INFINITY;
    while (!stopping) {
      let more = false;
      try {
        more = await look();
        failures = 0;
        if (lease !== undefined && performance.now() - sweptMs > 600_000) {
          await sweepIdempotencyKeys(database, 10_000);
          sweptMs = performance.now();
        }
      } catch (error) {
        lease = undefined;
        failures += 1;
        onError(error);
      }
      if (failures > 0) await wakes.pause(Math.min(50 * 2 ** failures, pollMs));
      else if (!more && (await wakes.next(Math.min(pollMs, leaseMs / 3)))) await wakes.pause(lingerMs);
    }
    await releaseLease(database, holder).catch(onError);
  }

  const ended = run();
  return {
    wake: () => wakes.wake(),
    stop: async () => {
      stopping = true;
      forget();
      wakes.wake();
      await ended;
      await wakes.stop();
    },
  };
}

/** Keys side by side, the events of one key one after the other; after a failure the rest of that key waits. */
async function publishByKey(rows: readonly Row[], options: OutboxRelayOptions): Promise<{ sent: number[]; failure: Error | undefined }> {
  const byKey = Map.groupBy(rows, (row) => `${row.topic}\n${row.key}`);
  const sent: number[] = [];
  let failure: Error | undefined;
  const publishAll = async (ofKey: readonly Row[]): Promise<void> => {
    for (const row of ofKey) {
      await options.publish(row.topic, row.key, eventOf(row, options.source));
      sent.push(row.id);
    }
  };
  const settled = await Promise.allSettled([...byKey.values()].map(publishAll));
  for (const one of settled) if (one.status === 'rejected') failure ??= new Error('an event could not be published', { cause: one.reason });
  return { sent, failure };
}

function eventOf(row: Row, source: string): PublishedEvent {
  return {
    specversion: '1.0',
    id: row.event_id,
    source,
    type: row.type,
    time: new Date(row.occurred_at).toISOString(),
    datacontenttype: 'application/json',
    ...(row.subject === null ? {} : { subject: row.subject }),
    tenant: row.tenant,
    partitionkey: row.key,
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
    data: row.data,
  };
}
