import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { parseCloudEvent, type CloudEvent } from '../cloud-event.ts';
import { BusUnavailable, type DeadLetter, type SubscribeOptions, type Subscription } from '../event-bus.ts';
import { deadLetterId, type DeadLetterStore } from '../dead-letter-store.ts';
import { Group, type Persistence } from '../group.ts';
import { createSlots } from '../slots.ts';
import type { Warn } from './kafka-client.ts';
import { OffsetTracker } from './offset-tracker.ts';
import { replayHeader } from './replay-header.ts';
import { traceHeader } from './trace-header.ts';

/** What a subscription works with. */
export type SubscriptionParts = {
  readonly kafka: Kafka;
  readonly persistence: Persistence;
  readonly deadLetters: DeadLetterStore;
  /** In front of the names of topics and groups at the brokers, and nowhere else. */
  readonly prefix: string;
  readonly warn: Warn;
};

/** One member of a consumer group. */
export type KafkaSubscription = Subscription & {
  readonly group: string;
  /** Events that were fetched and are not done. */
  readonly taken: number;
  /** Hands a dead letter to this member's handler once; throws what it throws. */
  redeliver(letter: DeadLetter): Promise<void>;
};

/** Events taken and not yet done, for each key that may be handled at once; then nothing more is fetched. */
const takenPerKey = 16;
const commitEveryMs = 200;

/**
 * Joins the group; resolves when the brokers have given this member its partitions. A new group begins with all that a topic
 * still holds, unless it wants no more than what comes from now on.
 */
export async function openKafkaSubscription(options: SubscribeOptions, parts: SubscriptionParts): Promise<KafkaSubscription> {
  const consumer = parts.kafka.consumer({
    groupId: `${parts.prefix}${options.group}`,
    sessionTimeout: 10_000,
    rebalanceTimeout: 20_000,
    heartbeatInterval: 1_000,
    maxWaitTimeInMs: 200,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 30, factor: 0.2, restartOnFailure: async () => true },
  });
  const member = new Member(consumer, options, parts);
  try {
    await member.join();
    return member;
  } catch (cause) {
    await consumer.disconnect().catch(() => {});
    throw new BusUnavailable(`the brokers did not let ${options.group} join`, { cause });
  }
}

class Member implements KafkaSubscription {
  readonly group: string;
  readonly #consumer: Consumer;
  readonly #options: SubscribeOptions;
  readonly #warn: Warn;
  readonly #prefix: string;
  readonly #deadLetters: DeadLetterStore;
  readonly #worker: Group;
  readonly #slots: ReturnType<typeof createSlots>;
  /** The generation of the group in which each event that waits was fetched: after a rebalance it is somebody else's, or comes again. */
  readonly #fetchedIn = new WeakMap<CloudEvent, number>();
  readonly #running = new Set<Promise<void>>();
  #trackers = new Map<string, { readonly topic: string; readonly partition: number; readonly offsets: OffsetTracker }>();
  readonly #untold = new Map<string, { readonly topic: string; readonly partition: number; readonly offset: string }>();
  #generation = 0;
  #stopped: Promise<void> | undefined;
  readonly #stopping = new AbortController();
  #committing: Promise<void> = Promise.resolve();

  constructor(consumer: Consumer, options: SubscribeOptions, { persistence, deadLetters, prefix, warn }: SubscriptionParts) {
    this.group = options.group;
    this.#consumer = consumer;
    this.#options = options;
    this.#warn = warn;
    this.#prefix = prefix;
    this.#deadLetters = deadLetters;
    this.#worker = new Group(options.group, 'kafka', persistence, deadLetters);
    this.#worker.join({ ...options, handler: (event, delivery) => this.#handle(event, delivery) });
    this.#slots = createSlots((options.concurrency ?? 16) * takenPerKey, persistence.handlerTimeoutMs);
  }

  async join(): Promise<void> {
    const joined = Promise.withResolvers<void>();
    this.#consumer.on(this.#consumer.events.GROUP_JOIN, () => {
      this.#generation += 1;
      this.#trackers = new Map();
      this.#untold.clear();
      joined.resolve();
    });
    this.#consumer.on(this.#consumer.events.CRASH, ({ payload }) =>
      this.#warn(`the consumer of ${this.group} broke and starts again`, payload.error),
    );
    await this.#consumer.connect();
    const topics = this.#options.topics.map((topic) => `${this.#prefix}${topic}`);
    await this.#consumer.subscribe({ topics, fromBeginning: this.#options.from !== 'now' });
    await this.#consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (payload) => this.#take(payload) });
    await joined.promise;
    this.#committing = this.#commitNowAndThen();
  }

  get taken(): number {
    return this.#slots.taken;
  }

  async redeliver(letter: DeadLetter): Promise<void> {
    this.#fetchedIn.set(letter.event, this.#generation);
    await this.#worker.redeliver(letter);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Takes no more, drops what has not begun, waits for what runs, and leaves the group with that committed. */
  async #stop(): Promise<void> {
    this.#stopping.abort();
    this.#slots.shut();
    this.#generation = -1;
    await Promise.allSettled(this.#running);
    // What ended in this turn is noted as done in the next.
    await new Promise((resolve) => setImmediate(resolve));
    await this.#committing;
    await this.#commit();
    await this.#consumer.disconnect();
    this.#worker.end();
  }

  /** Gives a fetched batch to the worker, as fast as it has room, and goes on fetching: a slow key holds up no other. */
  async #take({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const generation = this.#generation;
    const { topic, partition } = batch;
    const name = `${topic}/${partition}`;
    const tracker = this.#trackers.get(name) ?? { topic, partition, offsets: new OffsetTracker() };
    this.#trackers.set(name, tracker);
    for (const message of batch.messages) {
      if (!(await this.#hasRoom(heartbeat))) return;
      if (!isRunning() || isStale() || generation !== this.#generation) return this.#slots.give();
      const offset = Number(message.offset);
      tracker.offsets.begin(offset);
      resolveOffset(message.offset);
      void this.#finish(topic.slice(this.#prefix.length), message, generation).then((isDone) => {
        this.#slots.give();
        if (isDone) tracker.offsets.end(offset);
      });
    }
    await heartbeat();
  }

  /**
   * Waits for a place among what is taken, and tells the group meanwhile that this member lives. False when it stops; throws
   * when it must join anew.
   */
  async #hasRoom(heartbeat: () => Promise<void>): Promise<boolean> {
    while (this.#stopped === undefined) {
      const moved = Promise.withResolvers<never>();
      const beating = setInterval(() => void heartbeat().catch(moved.reject), 1_000);
      const place = this.#slots.take().then(
        () => true,
        // The handlers have been busy for as long as one may run: they are interrupted now, or this member stops.
        () => false,
      );
      try {
        if (await Promise.race([place, moved.promise])) return true;
      } catch (error) {
        // The group is rearranged: the place goes back when it comes.
        void place.then((isTaken) => (isTaken ? this.#slots.give() : undefined));
        throw error;
      } finally {
        clearInterval(beating);
      }
    }
    return false;
  }

  /** True when the event is handled or a dead letter; false when the group has moved on and it comes again. */
  async #finish(topic: string, message: KafkaMessage, generation: number): Promise<boolean> {
    const event = parse(message.value);
    if (event === undefined) {
      this.#warn(`offset ${message.offset} of ${topic} is no CloudEvent and is left out`);
      return true;
    }
    this.#fetchedIn.set(event, generation);
    const key = message.key?.toString() ?? '';
    const sentBy = message.headers?.[traceHeader]?.toString();
    const replayFor = message.headers?.[replayHeader]?.toString();
    if (replayFor !== undefined) return replayFor === this.group ? this.#replay({ topic, key, event }, generation) : true;
    for (;;) {
      try {
        await this.#worker.accept({ topic, key, event, sentBy });
        return true;
      } catch (error) {
        if (generation !== this.#generation) return false;
        this.#warn(`an event of ${topic} could be neither handled nor kept as a dead letter; it is tried again`, error);
      }
    }
  }

  /** One more try of a dead letter, which stays one where it fails. */
  async #replay(job: { readonly topic: string; readonly key: string; readonly event: CloudEvent }, generation: number): Promise<boolean> {
    try {
      await this.#worker.redeliver(job);
      await this.#deadLetters.remove(deadLetterId(this.group, job.event));
      return true;
    } catch (error) {
      if (generation !== this.#generation) return false;
      this.#warn(`a dead letter of ${this.group} failed again`, error);
      return true;
    }
  }

  async #handle(event: CloudEvent, delivery: Parameters<SubscribeOptions['handler']>[1]): Promise<void> {
    if (this.#fetchedIn.get(event) !== this.#generation) throw new BusUnavailable('this member may not handle the event any more');
    const running = this.#options.handler(event, delivery);
    const settled = running.then(
      () => {},
      () => {},
    );
    this.#running.add(settled);
    void settled.then(() => this.#running.delete(settled));
    await running;
  }

  /** One commit after the other: in a failover each is repeated for a while, and many at once would hold up the group. */
  async #commitNowAndThen(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await delay(commitEveryMs, undefined, { signal }).catch(() => {});
      await this.#commit();
    }
  }

  /** Tells the brokers how far the group is. What they did not take is told again next time, unless the group has moved. */
  async #commit(): Promise<void> {
    for (const [name, { topic, partition, offsets }] of this.#trackers) {
      const offset = offsets.take();
      if (offset !== undefined) this.#untold.set(name, { topic, partition, offset: String(offset) });
    }
    const telling = [...this.#untold];
    if (telling.length === 0) return;
    try {
      await this.#consumer.commitOffsets(telling.map(([, offset]) => offset));
      for (const [name, offset] of telling) if (this.#untold.get(name) === offset) this.#untold.delete(name);
    } catch (error) {
      this.#warn(`offsets of ${this.group} were not committed; their events may come again`, error);
    }
  }
}

function parse(value: Buffer | null): CloudEvent | undefined {
  try {
    return parseCloudEvent(JSON.parse(value?.toString('utf8') ?? ''));
  } catch {
    return undefined;
  }
}
