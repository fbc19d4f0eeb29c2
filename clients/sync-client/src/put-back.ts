import type { EntryId } from '@driftbox/domain';
import { below, pathOf } from './local-path.ts';
import type { LocalPath } from './ports/disk.ts';
import type { Surroundings } from './ports/surroundings.ts';

const namesTried = 100;

/** Puts everything that is in the stash back where it was, or beside it where its place has been taken meanwhile. */
export async function putBack(around: Surroundings): Promise<void> {
  for (const entryId of await around.disk.stashed()) await putBackOne(around, entryId);
}

async function putBackOne(around: Surroundings, entryId: EntryId): Promise<void> {
  const { disk, store, rootId } = around;
  const row = store.local.get(entryId);
  const folder = row === undefined ? '' : pathOf(store, rootId, row.parentId);
  const there = folder !== undefined && (folder === '' || (await disk.stat(folder))?.kind === 'folder');
  const name = row?.onDisk ?? entryId;
  for (let n = 0; n < namesTried; n += 1) {
    const onDisk = n === 0 ? name : `${name} (put back ${n})`;
    const path: LocalPath = below(there ? folder : '', onDisk);
    if ((await disk.stat(path)) !== undefined) continue;
    const back = await disk.unstash(entryId, path);
    if (back.outcome === 'changed') continue;
    if (back.outcome === 'done' && back.stat !== undefined && row !== undefined) {
      const parentId = there ? row.parentId : rootId;
      store.putLocal({ ...row, parentId, name: n === 0 ? row.name : onDisk, onDisk, stat: back.stat });
    }
    return;
  }
}
