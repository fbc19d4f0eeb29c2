import type { EntryId } from '@driftbox/domain';
import type { LocalPath } from './ports/disk.ts';
import type { Store } from './ports/store.ts';

/** A path below a folder. */
export function below(folder: LocalPath, onDisk: string): LocalPath {
  return folder === '' ? onDisk : `${folder}/${onDisk}`;
}

/**
 * Where a local entry (or the root) lies, as far as it was observed; `undefined` when it, or a folder above it, is not there.
 * Folders that moved while they were looked at may be recorded in each other for that long: such are nowhere.
 */
export function pathOf(store: Store, rootId: EntryId, entryId: EntryId): LocalPath | undefined {
  const names: string[] = [];
  const seen = new Set<EntryId>();
  for (let id = entryId; id !== rootId;) {
    const row = store.local.get(id);
    if (row === undefined || seen.has(id)) return undefined;
    seen.add(id);
    names.unshift(row.onDisk);
    id = row.parentId;
  }
  return names.join('/');
}
