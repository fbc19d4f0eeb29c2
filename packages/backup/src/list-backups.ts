import type { Destination } from './destination.ts';
import { readManifests, type Manifest } from './manifest.ts';

/** One point, or one that was begun and is not whole: `create` goes on with it. */
export type ListedBackup = {
  readonly id: string;
  readonly takenAt: string;
  readonly whole: boolean;
  readonly tenant: string;
  /** How far the journal of each drive was: the point is this and no other. */
  readonly heads: Manifest['drives'];
  readonly rows: number;
  readonly chunks: number;
  readonly damaged: number;
};

/** Every point of a destination, oldest first, and then what was only begun. */
export async function listBackups({ points, begun, key }: Destination): Promise<ListedBackup[]> {
  const whole = (await readManifests(points, key, { mayGo: true })).map(({ manifest }) => listed(manifest, true));
  const ids = new Set(whole.map(({ id }) => id));
  const half = (await readManifests(begun, key, { mayGo: true })).map(({ manifest }) => listed(manifest, false));
  return [...whole, ...half.filter(({ id }) => !ids.has(id))];
}

function listed({ id, takenAt, intent, drives, rows, contents, damaged }: Manifest, whole: boolean): ListedBackup {
  const counts = rows.flatMap((one) => Object.values(one.counts));
  return {
    id,
    takenAt,
    whole,
    tenant: intent.name,
    heads: drives,
    rows: counts.reduce((sum, count) => sum + count, 0),
    chunks: contents.count,
    damaged: damaged.length,
  };
}
