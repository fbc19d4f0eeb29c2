/** A topic as it is to be. */
export type Topic = {
  readonly name: string;
  /** Never changes: the order of a key depends on it. */
  readonly partitions: number;
  /** How long events are kept for groups that are behind; `compact` keeps the newest of each key for ever. */
  readonly retention: { readonly days: number } | 'compact';
};

/** Letters of all groups, by id. */
export const deadLetterTopic = 'driftbox.dead-letters';

/** Every topic of DriftBox. A service publishes to no other. */
export const topics: readonly Topic[] = [
  { name: 'driftbox.accounts', partitions: 6, retention: { days: 14 } },
  { name: 'driftbox.files', partitions: 24, retention: { days: 14 } },
  { name: 'driftbox.shares', partitions: 6, retention: { days: 14 } },
  // How much is unread: told at once or never.
  { name: 'driftbox.notices', partitions: 6, retention: { days: 1 } },
  { name: deadLetterTopic, partitions: 1, retention: 'compact' },
];

/** The same as one who shares brokers with others calls them. */
export function topicsBelow(prefix: string): readonly Topic[] {
  return topics.map((topic) => ({ ...topic, name: `${prefix}${topic.name}` }));
}
