import { setTimeout as delay } from 'node:timers/promises';
import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import { BusUnavailable } from '../event-bus.ts';
import type { Warn } from './kafka-client.ts';

type Waiting = { readonly message: Message; readonly endMs: number; readonly resolve: () => void; readonly reject: (error: Error) => void };
type Lane = { readonly topic: string; readonly partition: number; readonly waiting: Waiting[]; busy: boolean };

/** In one request at most. */
const maxBatch = 500;
const pauseMs = 100;

/**
 * Sends messages so that an acknowledged one is really in the log. kafkajs, left to itself, asks after a failover only the
 * brokers that had not answered, skips a partition whose leader is now one that had, and still reports success; or its
 * producer is stuck for good in an order of sequence numbers that the new leader does not know. Therefore one partition per
 * request, one request in flight per partition, an answer counts only if it names the partition, and after any failure a new
 * producer, which has a new id, sends the same messages again. What was sent twice is found by event id.
 */
export class PartitionSender {
  readonly #kafka: Kafka;
  readonly #warn: Warn;
  readonly #timeoutMs: number;
  readonly #prefix: string;
  readonly #partitionOf = Partitioners.DefaultPartitioner();
  readonly #partitionCounts = new Map<string, Promise<number>>();
  readonly #lanes = new Map<string, Lane>();
  #producer: Promise<Producer> | undefined;
  #closed = false;

  constructor(kafka: Kafka, options: { readonly timeoutMs: number; readonly prefix: string; readonly warn: Warn }) {
    this.#kafka = kafka;
    this.#timeoutMs = options.timeoutMs;
    this.#prefix = options.prefix;
    this.#warn = options.warn;
  }

  /** Resolves when all in-sync replicas have the message. Messages of one key arrive in the order of the calls. Throws `BusUnavailable`. */
  async send(topic: string, message: Message): Promise<void> {
    const lane = await this.#laneOf(`${this.#prefix}${topic}`, message);
    await new Promise<void>((resolve, reject) => {
      lane.waiting.push({
        message: { ...message, partition: lane.partition },
        endMs: performance.now() + this.#timeoutMs,
        resolve,
        reject,
      });
      void this.#pump(lane);
    });
  }

  /** Gives up what waits and disconnects. */
  async close(): Promise<void> {
    this.#closed = true;
    const producer = await this.#producer?.catch(() => undefined);
    await producer?.disconnect().catch(() => {});
  }

  async #laneOf(topic: string, message: Message): Promise<Lane> {
    const count = await this.#partitionCount(topic);
    const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
      partitionId,
      leader: 0,
      partitionErrorCode: 0,
      replicas: [],
      isr: [],
    }));
    const partition = this.#partitionOf({ topic, partitionMetadata, message });
    const name = `${topic}/${partition}`;
    const lane = this.#lanes.get(name) ?? { topic, partition, waiting: [], busy: false };
    this.#lanes.set(name, lane);
    return lane;
  }

  /** A topic's number of partitions never changes: the order of its keys depends on it. */
  #partitionCount(topic: string): Promise<number> {
    const known = this.#partitionCounts.get(topic);
    if (known !== undefined) return known;
    const asked = this.#askPartitionCount(topic);
    this.#partitionCounts.set(topic, asked);
    asked.catch(() => this.#partitionCounts.delete(topic));
    return asked;
  }

  async #askPartitionCount(topic: string): Promise<number> {
    const admin = this.#kafka.admin({ retry: { retries: 3, initialRetryTime: 50, maxRetryTime: 500 } });
    try {
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]?.partitions.length ?? 0;
    } catch (cause) {
      throw new BusUnavailable(`the brokers do not say how many partitions ${topic} has: was it declared and applied?`, { cause });
    } finally {
      await admin.disconnect();
    }
  }

  async #pump(lane: Lane): Promise<void> {
    if (lane.busy) return;
    lane.busy = true;
    while (lane.waiting.length > 0) await this.#deliver(lane, lane.waiting.splice(0, maxBatch));
    lane.busy = false;
  }

  /** Sends a batch until it is acknowledged, or the time of its oldest is over. */
  async #deliver(lane: Lane, batch: readonly Waiting[]): Promise<void> {
    for (;;) {
      const producer = this.#currentProducer();
      try {
        await sendOnce(await producer, lane, batch);
        for (const one of batch) one.resolve();
        return;
      } catch (cause) {
        this.#warn(`sending to ${lane.topic}/${lane.partition} failed; a new producer sends again`, cause);
        this.#replace(producer);
        if (this.#closed || performance.now() > (batch[0]?.endMs ?? 0)) {
          for (const one of batch) one.reject(new BusUnavailable('the brokers did not acknowledge the event in time', { cause }));
          return;
        }
        await delay(pauseMs);
      }
    }
  }

  #currentProducer(): Promise<Producer> {
    if (this.#closed) return Promise.reject(new BusUnavailable('the bus is closed'));
    this.#producer ??= this.#connect();
    return this.#producer;
  }

  async #connect(): Promise<Producer> {
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 5, initialRetryTime: 50, maxRetryTime: 300 },
    });
    await producer.connect();
    return producer;
  }

  /** The first lane that fails replaces the producer; others that fail with it find the new one. */
  #replace(failed: Promise<Producer>): void {
    if (this.#producer !== failed) return;
    this.#producer = undefined;
    void failed.then((producer) => producer.disconnect()).catch(() => {});
  }
}

async function sendOnce(producer: Producer, { topic, partition }: Lane, batch: readonly Waiting[]): Promise<void> {
  const answers = await producer.send({ topic, acks: -1, timeout: 5_000, messages: batch.map(({ message }) => message) });
  const isNamed = answers.some((one) => one.topicName === topic && one.partition === partition && one.errorCode === 0);
  if (!isNamed) throw new Error('the answer does not name the partition');
}
