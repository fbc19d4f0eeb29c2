import type { Kafka } from 'kafkajs';

/** Where a group is to go on in a topic. */
export type RewindOptions = {
  readonly group: string;
  readonly topic: string;
  /** The first event that was published then or later; or this offset of every partition, as far as it has been kept. */
  readonly to: { readonly timeMs: number } | { readonly offset: number };
};

/** Moves a group in a topic, back or forth; it must have no member at the time. Answers the new offset of each partition. */
export async function rewindGroup(kafka: Kafka, { group, topic, to }: RewindOptions): Promise<{ partition: number; offset: string }[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const kept = await admin.fetchTopicOffsets(topic);
    const byTime = 'timeMs' in to ? await admin.fetchTopicOffsetsByTimestamp(topic, to.timeMs) : undefined;
    const partitions = kept.map(({ partition, low, high }) => {
      const found = byTime?.find((one) => one.partition === partition)?.offset ?? high;
      const wanted = 'offset' in to ? to.offset : Number(found);
      return { partition, offset: String(Math.min(Math.max(wanted, Number(low)), Number(high))) };
    });
    await admin.setOffsets({ groupId: group, topic, partitions });
    return partitions;
  } finally {
    await admin.disconnect();
  }
}
