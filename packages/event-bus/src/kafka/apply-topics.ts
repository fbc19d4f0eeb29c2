import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, ConfigResourceTypes, Kafka, PartitionMetadata } from 'kafkajs';
import type { Topic } from './topics.ts';

/** What became of a topic. `conflict`: it has another number of partitions or replicas, which nobody changes by a command. */
export type TopicOutcome = { readonly name: string; readonly outcome: 'created' | 'changed' | 'unchanged' } | TopicConflict;
type TopicConflict = { readonly name: string; readonly outcome: 'conflict'; readonly reason: string };

/** The replicas of every partition; one less may be missing at most, and then two must have each event. */
export type ApplyOptions = { readonly replicas: number };

/** `ConfigResourceTypes.TOPIC`: Node finds no such name in kafkajs, which is CommonJS. */
const topicResource: ConfigResourceTypes.TOPIC = 2;
const dayMs = 24 * 3_600_000;
const leaderTimeoutMs = 20_000;

/** What is set on a topic. No leader is chosen among replicas that lack acknowledged events. */
function settingsOf({ retention }: Topic, { replicas }: ApplyOptions): Record<string, string> {
  const kept: Record<string, string> =
    retention === 'compact'
      ? { 'cleanup.policy': 'compact' }
      : { 'cleanup.policy': 'delete', 'retention.ms': String(retention.days * dayMs) };
  return { ...kept, 'min.insync.replicas': String(Math.min(2, replicas)), 'unclean.leader.election.enable': 'false' };
}

/** Makes the topics that are missing and sets what differs on the others. May be run again and by several at once. */
export async function applyTopics(kafka: Kafka, wanted: readonly Topic[], options: ApplyOptions): Promise<TopicOutcome[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const present = new Set(await admin.listTopics());
    const outcomes: TopicOutcome[] = [];
    for (const topic of wanted) {
      const isMade = !present.has(topic.name) && (await create(admin, topic, options));
      outcomes.push(isMade ? { name: topic.name, outcome: 'created' } : await adjust(admin, topic, options));
    }
    return outcomes;
  } finally {
    await admin.disconnect();
  }
}

/** Resolves when every partition has a leader; false when somebody else made it meanwhile. */
async function create(admin: Admin, topic: Topic, options: ApplyOptions): Promise<boolean> {
  const configEntries = Object.entries(settingsOf(topic, options)).map(([name, value]) => ({ name, value }));
  const { name, partitions: numPartitions } = topic;
  const made = { topic: name, numPartitions, replicationFactor: options.replicas, configEntries };
  const isMade = await admin.createTopics({ waitForLeaders: false, topics: [made] });
  await describePartitions(admin, name);
  return isMade;
}

async function adjust(admin: Admin, topic: Topic, options: ApplyOptions): Promise<TopicOutcome> {
  const { name } = topic;
  const partitions = await describePartitions(admin, name);
  const replicas = partitions[0]?.replicas.length ?? 0;
  if (partitions.length !== topic.partitions || replicas !== options.replicas) {
    const held = `${partitions.length} partitions of ${replicas} replicas`;
    const reason = `it has ${held}, and should have ${topic.partitions} of ${options.replicas}`;
    return { name, outcome: 'conflict', reason };
  }
  const wanted = settingsOf(topic, options);
  const resource = { type: topicResource, name };
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ ...resource, configNames: Object.keys(wanted) }],
  });
  const held = Object.fromEntries((resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]));
  if (Object.entries(wanted).every(([key, value]) => held[key] === value)) return { name, outcome: 'unchanged' };
  const configEntries = Object.entries(wanted).map(([key, value]) => ({ name: key, value }));
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
  return { name, outcome: 'changed' };
}

/** The partitions, as soon as each has a leader: a broker may not know for a moment what another has just made. */
async function describePartitions(admin: Admin, name: string): Promise<PartitionMetadata[]> {
  const giveUpAtMs = performance.now() + leaderTimeoutMs;
  for (;;) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
      const partitions = topics[0]?.partitions ?? [];
      if (partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)) return partitions;
      if (performance.now() > giveUpAtMs) throw new Error(`${name} has partitions without a leader`);
    } catch (error) {
      if (performance.now() > giveUpAtMs) throw error;
    }
    await delay(20);
  }
}
