import type { CloudEvent } from './cloud-event.ts';

/** What a handler is told beside the event. */
export type Delivery = {
  readonly topic: string;
  readonly key: string;
  /** 1 for the first try. A repetition may also come as a fresh delivery: handlers are idempotent by event id. */
  readonly attempt: number;
  /** Aborted when the handler has run out of time, or the bus will not wait for it any longer. */
  readonly signal: AbortSignal;
};

/** Resolves when the event has been dealt with for good; throws to have it delivered again. */
export type Handler = (event: CloudEvent, delivery: Delivery) => Promise<void>;

/** What to be told of, and as whom. */
export type SubscribeOptions = {
  /** All subscriptions of one group share its events: each event goes to one of them. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly handler: Handler;
  /**
   * Where a group that is new begins, on a bus that keeps events: with all that is kept (the default), or with what comes from
   * about now on, for whom events are news and nothing to catch up with.
   */
  readonly from?: 'beginning' | 'now' | undefined;
  /** Keys handled at the same time by this subscription; default 16. */
  readonly concurrency?: number | undefined;
};

/** One member of a group. */
export type Subscription = {
  /** Takes no more events and waits for the handlers that run. What they leave goes to the rest of the group. */
  stop(): Promise<void>;
};

/** An event that a group could not handle, kept until it is replayed. */
export type DeadLetter = {
  readonly id: string;
  readonly group: string;
  readonly topic: string;
  readonly key: string;
  readonly event: CloudEvent;
  /** The last error's message. */
  readonly cause: string;
  readonly attempts: number;
  readonly failedAtMs: number;
};

/** What became of a replay. */
export type ReplayOutcome = 'handled' | 'failed' | 'not_found';

/**
 * Durable events between services. Delivery is at least once; the events of one key reach a group in the order in which
 * they were published, one at a time; there is no order between keys. An event that keeps failing becomes a dead letter
 * of that group, and the next of its key goes on.
 */
export type EventBus = {
  /**
   * Resolves when the event cannot be lost any more. Waits while the bus is full. Throws `BusUnavailable`: then the event
   * may or may not have been delivered, and the caller publishes it again; one that must keep a key's order even then
   * publishes the next event of that key only after this one has resolved.
   */
  publish(topic: string, key: string, event: CloudEvent): Promise<void>;
  /** Resolves when the group is sure to be told of everything published from then on. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** At most `limit` dead letters, the oldest first. */
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;
  /** Delivers a dead letter to its group once more; it is forgotten when that succeeds. */
  replay(id: string): Promise<ReplayOutcome>;
  /** Events of this process that the bus has not taken yet, and those that it brought and that are not dealt with. */
  backlog(): { readonly toSend: number; readonly toHandle: number };
  /** Refuses new events, waits a bounded time for those it has, then ends. */
  close(): Promise<void>;
};

/** The bus is full or closing, or could not keep the event. Transient. */
export class BusUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BusUnavailable';
  }
}
