import { createKafkaClient, type KafkaOptions } from './kafka-client.ts';
import { PartitionSender } from './partition-sender.ts';
import { replayHeader } from './replay-header.ts';
import { createTopicDeadLetters } from './topic-dead-letters.ts';

const maxLetters = 100_000;

/**
 * Sends dead letters to their groups once more, from outside the services: those of `group`, or the one called `id`. Whoever
 * has the key then in that group handles it, and forgets the letter if that succeeds. Answers the ids of the letters.
 */
export async function requestReplay(
  options: KafkaOptions,
  wanted: { readonly group: string } | { readonly id: string },
): Promise<string[]> {
  const kafka = createKafkaClient(options);
  const { prefix = '' } = options;
  const sender = new PartitionSender(kafka, { timeoutMs: 30_000, prefix, warn: options.warn ?? (() => {}) });
  try {
    const letters = await createTopicDeadLetters(kafka, sender, prefix).list(maxLetters);
    const chosen = letters.filter((letter) => ('id' in wanted ? letter.id === wanted.id : letter.group === wanted.group));
    for (const { topic, key, group, event } of chosen) {
      await sender.send(topic, { key, value: JSON.stringify(event), headers: { [replayHeader]: group } });
    }
    return chosen.map(({ id }) => id);
  } finally {
    await sender.close();
  }
}
