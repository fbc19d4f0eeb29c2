import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Release } from './release.ts';

/** As long as the value of a label may be, with some to spare. */
const digits = 40;

/** Digest of what a release is made from: equal values, in whatever order, and an equal chart give an equal one. Fits a label. */
export function releaseDigest({ values, chartDigest }: Pick<Release, 'values' | 'chartDigest'>): string {
  return createHash('sha256')
    .update(JSON.stringify([chartDigest, sorted(values)]))
    .digest('hex')
    .slice(0, digits);
}

/** Digest of all files below a chart's folder, links followed. */
export async function chartDigest(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
    const file = path.join(folder, name);
    if ((await stat(file)).isFile())
      hash
        .update(`${name}\0`)
        .update(await readFile(file))
        .update('\0');
  }
  return hash.digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sorted(field)]));
}
