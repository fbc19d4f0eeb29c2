import type { Kafka } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import type { DeadLetterStore } from '../dead-letter-store.ts';
import { BusUnavailable, type DeadLetter } from '../event-bus.ts';
import type { PartitionSender } from './partition-sender.ts';
import { deadLetterTopic } from './topics.ts';

const readTimeoutMs = 20_000;
const maxLetters = 100_000;

/**
 * Keeps dead letters in a compacted topic of their own, shared by all groups: a message by the letter's id, and an empty one
 * when it is removed. To list them is to read the topic from its beginning, which is for people, not for every event. `prefix` is that of
 * the sender.
 */
export function createTopicDeadLetters(kafka: Kafka, sender: PartitionSender, prefix: string): DeadLetterStore {
  const readAll = async (): Promise<DeadLetter[]> =>
    [...(await readLetters(kafka, prefix)).values()].sort((a, b) => a.failedAtMs - b.failedAtMs);
  return {
    add: (letter) => sender.send(deadLetterTopic, { key: letter.id, value: JSON.stringify(letter) }),
    list: async (limit) => (await readAll()).slice(0, limit),
    get: async (id) => (await readAll()).find((letter) => letter.id === id),
    remove: (id) => sender.send(deadLetterTopic, { key: id, value: null }),
  };
}

/** The letters as they stand when this is called, by id. Throws `BusUnavailable` when they cannot be read in time. */
async function readLetters(kafka: Kafka, prefix: string): Promise<Map<string, DeadLetter>> {
  const topic = `${prefix}${deadLetterTopic}`;
  const ends = await endOffsets(kafka, topic);
  const letters = new Map<string, DeadLetter>();
  if (ends.size === 0) return letters;
  // A group of its own each time, which commits nothing.
  const groupId = `${prefix}dead-letters-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50, sessionTimeout: 10_000, allowAutoTopicCreation: false });
  const whole = Promise.withResolvers<void>();
  const timer = setTimeout(() => whole.reject(new BusUnavailable('the dead letters could not be read in time')), readTimeoutMs);
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { key, value } of batch.messages) {
          const id = key?.toString() ?? '';
          if (value === null) letters.delete(id);
          else if (letters.size < maxLetters) letters.set(id, JSON.parse(value.toString()) as DeadLetter);
        }
        if (Number(batch.lastOffset()) + 1 >= (ends.get(batch.partition) ?? 0)) ends.delete(batch.partition);
        if (ends.size === 0) whole.resolve();
      },
    });
    await whole.promise;
    return letters;
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
    await deleteGroup(kafka, groupId);
  }
}

/** Where each partition that holds anything ends. */
async function endOffsets(kafka: Kafka, topic: string): Promise<Map<number, number>> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(offsets.filter(({ low, high }) => Number(high) > Number(low)).map(({ partition, high }) => [partition, Number(high)]));
  } catch (cause) {
    throw new BusUnavailable('the dead letters cannot be read', { cause });
  } finally {
    await admin.disconnect();
  }
}

async function deleteGroup(kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.deleteGroups([groupId]).catch(() => {});
  await admin.disconnect();
}
