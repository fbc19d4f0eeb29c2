import { createHash } from 'node:crypto';
import { routes, type Entry } from '@driftbox/protocol';
import type { Acknowledged } from '../k6/plan.ts';
import type { PreparedUser } from './prepare-users.ts';

/** What became of what was acknowledged. */
export type KeptCheck = { readonly acknowledged: number; readonly readBack: number; readonly lost: readonly string[] };

/** Most files that are read back whole. */
const mostReadBack = 200;

/** Looks for every file of which a version was acknowledged, and reads a sample of these back, evenly over the time, to compare them. */
export async function findLost(users: readonly PreparedUser[], acknowledged: readonly Acknowledged[]): Promise<KeptCheck> {
  const lost: string[] = [];
  const listed = await Promise.all(users.map(listFiles));
  for (const { user, entryId, sizeBytes } of acknowledged) {
    const found = listed[user]?.get(entryId);
    if (found === undefined) lost.push(`${entryId}: not in its folder`);
    else if (found !== sizeBytes) lost.push(`${entryId}: ${found} bytes instead of ${sizeBytes}`);
  }
  const sample = evenSample(acknowledged, mostReadBack);
  for (const one of sample) {
    const owner = users[one.user];
    const digest = owner === undefined ? undefined : await readDigest(owner, one).catch((error: unknown) => String(error));
    if (digest !== one.digest) lost.push(`${one.entryId}: read back as ${digest} instead of ${one.digest}`);
  }
  return { acknowledged: acknowledged.length, readBack: sample.length, lost };
}

/** At most `most` of them, the first and the last and between them at equal distances. */
export function evenSample<Item>(all: readonly Item[], most: number): Item[] {
  if (all.length <= most) return [...all];
  const step = (all.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => all[Math.round(index * step)]).filter((item) => item !== undefined);
}

async function listFiles({ user, client }: PreparedUser): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  let cursor: string | undefined;
  do {
    const page: { items: Entry[]; nextCursor?: string | undefined } = await client.call(routes.listChildren, {
      params: { drive: user.drive, entry: user.rootId },
      query: { cursor, limit: 10_000 },
    });
    for (const entry of page.items) if (entry.kind === 'file') sizes.set(entry.entryId, entry.sizeBytes);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return sizes;
}

async function readDigest({ user, client }: PreparedUser, { entryId, rev }: Acknowledged): Promise<string> {
  const { body } = await client.stream(routes.getContent, { params: { drive: user.drive, entry: entryId }, query: { rev } });
  const hash = createHash('sha256');
  for await (const piece of body) hash.update(piece);
  return hash.digest('hex');
}
