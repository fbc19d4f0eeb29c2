import { ownParts } from './part-name.ts';
import type { PartUsage, UsageSample } from './watch-usage.ts';

/** One thing that must not grow with time, at the beginning and at the end. */
export type Flatness = {
  readonly part: string;
  readonly what: keyof typeof bounds;
  readonly early: number;
  readonly late: number;
  readonly most: number;
  readonly holds: boolean;
};

/** By which factor, and by how much more, the end may be above the beginning: what is between is noise of collectors and pools. */
const bounds = {
  memoryBytes: { factor: 1.2, more: 32 * 2 ** 20 },
  sockets: { factor: 1.1, more: 16 },
  files: { factor: 1.1, more: 16 },
} as const satisfies Partial<Record<keyof PartUsage, { factor: number; more: number }>>;

/**
 * Compares the last quarter of the time with the second: the first is warming up. Of each the median, since a collector of garbage lets
 * memory go up and down by much. Only DriftBox's own parts are judged; a database fills its cache by intent.
 */
export function judgeFlatness(samples: readonly UsageSample[]): readonly Flatness[] {
  const end = samples.at(-1)?.atSeconds ?? 0;
  const over = (from: number, to: number, part: string, what: keyof typeof bounds): number =>
    median(
      samples.filter(({ atSeconds }) => atSeconds >= from * end && atSeconds <= to * end).flatMap(({ parts }) => parts[part]?.[what] ?? []),
    );
  const present = ownParts.filter((part) => samples.some(({ parts }) => parts[part] !== undefined));
  return present.flatMap((part) =>
    (Object.keys(bounds) as (keyof typeof bounds)[]).map((what) => {
      const early = over(0.25, 0.5, part, what);
      const late = over(0.75, 1, part, what);
      const most = early * bounds[what].factor + bounds[what].more;
      return { part, what, early, late, most, holds: late <= most };
    }),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
