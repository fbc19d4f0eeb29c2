import type { Registry } from 'prom-client';
import { readAtScrape, readTogether } from './read-at-scrape.ts';

/** Every queue that is watched by name, and what it means that it grows: a closed set. */
export const queues = {
  access_questions: 'Questions to metadata who may read a drive, which wait for the next query: PostgreSQL is slow',
  calls: 'Calls to other services that wait for a connection: the service that is called is slow',
  cursors_to_write: 'Places of devices that sync has not written yet; they go every half minute',
  delta_decoding: 'Chunks that wait to be made of deltas: more deltas come than the processor can take',
  events_to_handle: 'Events that were heard and are not dealt with: a handler fails or is slow',
  events_to_send: 'Events on their way to the event bus, which has not taken them yet',
  hashing: 'Chunks that wait for a thread that hashes or encrypts: the processor is short',
  mails: 'Mails of auth and share, which wait for the mail server; a crash loses them',
  news_to_leave: 'Drives whose news has been told to sockets and has not left for their clients: the clients, or the way to them, are slow',
  news_to_tell: 'Drives whose news sockets have not been told: more is committed than sync can tell',
  notification_mails: 'Notifications that should have been mailed, counted up to 10,000: the mail server is away or slow',
  pack_memory: 'Chunks that wait for memory before they are packed: the pool writes too slowly',
  pack_writes: 'Packs that wait to be written: the pool is slow',
  passwords: 'Passwords that wait to be checked or made, two at a time; beyond 100 they are refused',
  pins_to_release: 'Commits that are answered and whose pins are to be taken away',
  pool_calls: 'Calls to an S3 pool that wait for a connection: the pool is slow',
  receive_memory: 'Bodies that wait for memory before they are received',
  send_memory: 'Answers that wait for memory before they are sent',
  webhook_deliveries: 'Deliveries that wait for receivers that answer, of 10,000 webhooks at most',
  webhook_deliveries_failing: 'Deliveries that wait for receivers that do not answer; each is tried again, less and less often',
} as const;

/** A queue's name, which is the value of a label. */
export type QueueName = keyof typeof queues;

/** What a queue holds now: how many wait, and where it is known for how long the first has waited, or since when it was due. */
export type Backlog = { readonly waiting: number; readonly oldestMs?: number | undefined };

/** Shows how many events wait on their way to a bus and from it. */
export function watchEvents(registry: Registry, bus: { backlog(): { readonly toSend: number; readonly toHandle: number } }): void {
  watchQueue(registry, 'events_to_send', () => bus.backlog().toSend);
  watchQueue(registry, 'events_to_handle', () => bus.backlog().toHandle);
}

/**
 * Shows how much waits in a queue, which `read` is asked for at each scrape. Where several of one process have the name, their sum is
 * shown, and the oldest. `read` must be cheap: what a database is asked is bounded by a limit that an index serves.
 */
export function watchQueue(registry: Registry, queue: QueueName, read: () => number | Backlog | Promise<Backlog>): void {
  const backlog = readTogether(async (): Promise<Backlog> => {
    const found = await read();
    return typeof found === 'number' ? { waiting: found } : found;
  });
  readAtScrape(
    registry,
    {
      name: 'driftbox_queue_waiting_items',
      help: 'What waits in each queue, by the names below; one that grows and does not shrink again is too slow for what comes',
      labelNames: ['queue'],
    },
    async () => [[{ queue }, (await backlog()).waiting]],
  );
  readAtScrape(
    registry,
    {
      name: 'driftbox_queue_oldest_seconds',
      help: 'How long the first of a queue has waited, or since when it was due, of queues that can tell',
      labelNames: ['queue'],
      together: 'most',
    },
    async () => {
      const { oldestMs } = await backlog();
      return oldestMs === undefined ? [] : [[{ queue }, oldestMs / 1_000]];
    },
  );
}
