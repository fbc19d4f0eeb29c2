import { listPacks, readIndex } from '@driftbox/chunk-store';
import type { Digest } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { BackupDamaged } from './backup-damaged.ts';
import { isDamage, readBackupIndex } from './backup-index.ts';
import type { Destination } from './destination.ts';
import { holding, type Held, type Holder } from './lock/held.ts';
import { readManifests } from './manifest.ts';
import { objectsOf } from './verify-backups.ts';

/** What went with a point. */
export type RemovedBackup = { readonly id: string; readonly packs: number; readonly bytes: number };

/**
 * Removes a point, whole or begun, and then every pack of which no other point needs anything. Throws `not_found`; `locked` where
 * somebody else is at work; and `BackupDamaged` where what another point needs cannot be told, before any pack goes. Interrupted, the next
 * removal does the rest.
 */
export async function removeBackup(destination: Destination, id: string, holder: Holder = {}): Promise<RemovedBackup> {
  return holding(destination, 'remove', holder, (held) => remove(destination, held, id, holder.signal));
}

async function remove(destination: Destination, held: Held, id: string, signal?: AbortSignal): Promise<RemovedBackup> {
  const { points, begun, packs, key } = destination;
  const kept = new Set<Digest>();
  const index = await readBackupIndex(destination);
  const doomed: (() => Promise<void>)[] = [];
  for (const store of [points, begun]) {
    for (const { packId, manifest } of await readManifests(store, key)) {
      if (manifest.id === id) doomed.push(() => store.delete(packId));
      else {
        const { digests, damaged } = await objectsOf(destination, index, manifest);
        if (damaged.size > 0) throw new BackupDamaged([...damaged]);
        for (const digest of digests) kept.add(digest);
      }
    }
  }
  if (doomed.length === 0) throw new Problem('not_found', `There is no backup ${id} here`);
  for (const remove of doomed) await remove();
  const gone = { packs: 0, bytes: 0 };
  for await (const { id: packId, sizeBytes } of listPacks(packs)) {
    const frames = await readIndex(packs, packId, () => Promise.resolve(key)).then(
      (found) => found.frames,
      (error: unknown) => (isDamage(error) ? undefined : Promise.reject(error as Error)),
    );
    // One that cannot be read may be another key's: it is left alone.
    if (frames === undefined || frames.some(({ digest }) => kept.has(digest))) continue;
    signal?.throwIfAborted();
    await held.check();
    await packs.delete(packId);
    gone.packs += 1;
    gone.bytes += sizeBytes;
  }
  return { id, ...gone };
}
