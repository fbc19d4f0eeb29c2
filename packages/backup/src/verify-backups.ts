import { readFrames } from '@driftbox/chunk-store';
import type { Digest } from '@driftbox/domain';
import { BackupDamaged } from './backup-damaged.ts';
import { isDamage, readBackupIndex, type BackupIndex } from './backup-index.ts';
import { readContentDigests } from './content-digests.ts';
import type { Destination } from './destination.ts';
import { holding } from './lock/held.ts';
import { readManifests, type Manifest } from './manifest.ts';
import type { Tell } from './progress.ts';

/** What of a point is missing or does not verify. */
export type VerifiedBackup = {
  readonly id: string;
  readonly takenAt: string;
  readonly objects: number;
  readonly damaged: readonly Digest[];
};

type Work = { readonly tell?: Tell; readonly signal: AbortSignal };

/** Reads and verifies every object that a point names, or any point where none is given. Throws `locked` while one is removed. */
export async function verifyBackups(destination: Destination, id: string | undefined, work: Work): Promise<VerifiedBackup[]> {
  return holding(destination, 'read', work, async (held) => {
    const verified = await verify(destination, id, work);
    // What is missing was not lost, but removed, where somebody took this run for dead.
    if (verified.some(({ damaged }) => damaged.length > 0)) await held.check();
    return verified;
  });
}

async function verify(
  destination: Destination,
  id: string | undefined,
  { tell = () => undefined, signal }: Work,
): Promise<VerifiedBackup[]> {
  const index = await readBackupIndex(destination);
  const good = new Map<Digest, boolean>();
  const verified: VerifiedBackup[] = [];
  let bytes = 0;
  for (const { manifest } of await readManifests(destination.points, destination.key)) {
    if (id !== undefined && manifest.id !== id) continue;
    const { digests, damaged } = await objectsOf(destination, index, manifest);
    for (const digest of digests) {
      signal.throwIfAborted();
      if (!good.has(digest)) {
        const size = await sizeOf(destination, index, digest);
        good.set(digest, size !== undefined);
        bytes += size ?? 0;
        tell({ stage: 'verify', done: good.size, bytes });
      }
      if (good.get(digest) === false) damaged.add(digest);
    }
    verified.push({ id: manifest.id, takenAt: manifest.takenAt, objects: digests.size, damaged: [...damaged] });
  }
  return verified;
}

/** All that a point needs, in the order in which it lies; and pieces of the manifest that say so and cannot be read. */
export async function objectsOf(
  destination: Destination,
  index: BackupIndex,
  manifest: Manifest,
): Promise<{ digests: Set<Digest>; damaged: Set<Digest> }> {
  const lost = new Set(manifest.damaged);
  const digests = new Set<Digest>([...manifest.rows.flatMap(({ pieces }) => pieces), ...manifest.contents.pieces]);
  const damaged = new Set<Digest>();
  for (const piece of manifest.contents.pieces) {
    const one = { ...manifest, contents: { ...manifest.contents, pieces: [piece] } };
    try {
      for await (const some of readContentDigests(destination, index, one))
        for (const digest of some) if (!lost.has(digest)) digests.add(digest);
    } catch (error) {
      if (!(error instanceof BackupDamaged)) throw error;
      damaged.add(piece);
    }
  }
  return { digests, damaged };
}

/** Its plain size, or `undefined` for an object that is gone or not what it was. */
async function sizeOf(destination: Destination, index: BackupIndex, digest: Digest): Promise<number | undefined> {
  const location = index.get(digest);
  if (location === undefined) return undefined;
  try {
    for await (const bytes of readFrames(destination.packs, destination.key, [location])) return bytes.length;
    return undefined;
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}
