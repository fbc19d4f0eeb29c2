import type { EntryId } from '@driftbox/domain';
import type { RemoteEntry } from '@driftbox/sync-core';
import type { Store } from '../ports/store.ts';

/**
 * Which entries of the drive this device wants: those at the chosen paths and below, and the folders on the way there.
 * Without a choice, everything. Paths are names joined by `/`, without one at the beginning.
 */
export function isSelected(paths: readonly string[], store: Pick<Store, 'remote'>): (entry: RemoteEntry) => boolean {
  if (paths.length === 0) return () => true;
  const chosen = paths.map((path) => path.split('/'));
  return (entry) => {
    const names = namesOf(entry, store);
    return chosen.some((path) => path.every((name, index) => index >= names.length || names[index] === name));
  };
}

function namesOf(entry: RemoteEntry, store: Pick<Store, 'remote'>): string[] {
  const names = [entry.name];
  const seen = new Set<EntryId>([entry.entryId]);
  for (let parent = store.remote.get(entry.parentId); parent !== undefined && !seen.has(parent.entryId);) {
    seen.add(parent.entryId);
    names.unshift(parent.name);
    parent = store.remote.get(parent.parentId);
  }
  return names;
}
