import { listPacks, readFrame, readIndex, StoreError, type FrameLocation } from '@driftbox/chunk-store';
import type { Digest } from '@driftbox/domain';
import { BackupDamaged } from './backup-damaged.ts';
import type { Destination } from './destination.ts';

const readAtOnce = 16;

/** Where each object of a destination lies, as its packs say themselves. */
export type BackupIndex = Map<Digest, FrameLocation>;

/** Reads the index out of all packs. A pack that cannot be read has nothing: what it held is missing. */
export async function readBackupIndex({ packs, key }: Pick<Destination, 'packs' | 'key'>): Promise<BackupIndex> {
  const index: BackupIndex = new Map();
  const listing = listPacks(packs);
  const read = async (): Promise<void> => {
    for (let next = await listing.next(); next.done !== true; next = await listing.next()) {
      const { frames } = await readIndex(packs, next.value.id, () => Promise.resolve(key)).catch(nothingIfDamaged);
      for (const frame of frames) index.set(frame.digest, frame);
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, read));
  return index;
}

function nothingIfDamaged(error: unknown): { frames: readonly FrameLocation[] } {
  if (isDamage(error)) return { frames: [] };
  throw error;
}

/** Whether an object is gone or not what it was, rather than out of reach. */
export function isDamage(error: unknown): boolean {
  return error instanceof StoreError && (error.kind === 'corrupt' || error.kind === 'not_found');
}

/** The verified bytes of objects, in order. Throws `BackupDamaged`. */
export async function* readObjects(destination: Destination, index: BackupIndex, digests: Iterable<Digest>): AsyncGenerator<Uint8Array> {
  for (const digest of digests) {
    const location = index.get(digest);
    if (location === undefined) throw new BackupDamaged([digest]);
    yield await readFrame(destination.packs, destination.key, location).catch((cause: unknown) => {
      throw isDamage(cause) ? new BackupDamaged([digest], { cause }) : cause;
    });
  }
}
