import { defineConfig, type Loaded } from '@driftbox/service-kit';

/** How long uploads stay open, and the background work on the pool: rows that the table of a process that does it includes. */
export const upkeepSettings = defineConfig({
  DRIFTBOX_UPLOAD_TTL: {
    type: 'duration',
    default: '24h',
    min: 60_000,
    max: 604_800_000,
    description: 'How long an upload stays open after it was last named',
  },
  DRIFTBOX_COLLECT_EVERY: {
    type: 'duration',
    default: '1h',
    min: 60_000,
    max: 604_800_000,
    description: 'How often all chunks are looked over for those that nothing references any more',
  },
  DRIFTBOX_COLLECT_GRACE: {
    type: 'duration',
    default: '24h',
    min: 300_000,
    max: 2_592_000_000,
    description: 'How long such a chunk stays before it is deleted, and how old it must be before',
  },
  DRIFTBOX_RECOVER_WITHIN: {
    type: 'duration',
    default: '0s',
    min: 0,
    max: 2_592_000_000,
    description: 'How far back the databases may be recovered: for so long the pool keeps packs that nothing is alive in any more',
  },
  DRIFTBOX_SCRUB_WITHIN: {
    type: 'duration',
    default: '720h',
    min: 3_600_000,
    max: 31_536_000_000,
    description: 'Within which time every pack is read and verified again',
  },
  DRIFTBOX_UPKEEP_BYTES_PER_SECOND: {
    type: 'bytes',
    default: '16MiB',
    min: 64 << 10,
    description: 'What background work reads from the pool and writes to it in a second, at most',
  },
});

/** How long a dead pack stays in any case, for whoever is reading it. */
const shortestReadMs = 600_000;

/** What they mean. */
export function readUpkeep(config: Loaded<typeof upkeepSettings>['config']) {
  return {
    uploadTtlSeconds: config.DRIFTBOX_UPLOAD_TTL / 1000,
    upkeep: {
      collectEveryMs: config.DRIFTBOX_COLLECT_EVERY,
      graceMs: config.DRIFTBOX_COLLECT_GRACE,
      // Rows of so long ago may name what is dead now, and chunks where they lay before they were moved.
      readMs: Math.max(shortestReadMs, config.DRIFTBOX_RECOVER_WITHIN),
      scrubWithinMs: config.DRIFTBOX_SCRUB_WITHIN,
      bytesPerSecond: config.DRIFTBOX_UPKEEP_BYTES_PER_SECOND,
    },
  };
}
