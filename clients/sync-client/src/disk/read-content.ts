import { digestOf } from '@driftbox/chunking';
import { listIdOf, sizeOf } from '@driftbox/domain';
import type { Digest } from '@driftbox/domain';
import { LocalFile, listChunks } from '@driftbox/transfer';
import type { Stat } from '../ports/disk.ts';
import { statOf } from './stat-of.ts';
import type { StatTraits } from './stat-of.ts';

/**
 * The id of the chunk list of a file, and the stat it was read at. `undefined` when it is no file, or changed while it was
 * read. Throws what the file system says.
 */
export async function readContent(
  absolute: string,
  traits: StatTraits,
): Promise<{ readonly listId: Digest; readonly stat: Stat } | undefined> {
  const file = new LocalFile(absolute);
  try {
    const before = file.stat();
    if (!before.isFile()) return undefined;
    const chunks = await listChunks(file);
    const after = file.stat();
    if (after.mtimeNs !== before.mtimeNs || after.ctimeNs !== before.ctimeNs || BigInt(sizeOf(chunks)) !== after.size) return undefined;
    return { listId: listIdOf(chunks, digestOf), stat: statOf(after, traits) };
  } finally {
    await file.close();
  }
}
