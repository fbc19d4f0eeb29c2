import type { EntryId, Place } from '@driftbox/domain';
import type { ReconcileInput } from './reconcile-input.ts';

const prefix = '.driftbox-moving-';

/** Where an entry is on the server for a moment while names are swapped. Its id makes the name unique. */
export function temporaryPlace(rootId: EntryId, entryId: EntryId): Place {
  return { parentId: rootId, name: `${prefix}${entryId}` };
}

/** True for a place that nobody chose: the temporary one of this very entry. */
export function isTemporary({ entryId, parentId, name }: Place & { readonly entryId: EntryId }, rootId: EntryId): boolean {
  return parentId === rootId && name === `${prefix}${entryId}`;
}

/**
 * Where an entry belongs as far as the server tells. One that was left under its temporary name belongs nowhere in particular:
 * it gets a name that everybody who finds it makes alike, and that nothing else has.
 */
export function homeOf(entry: Place & { readonly entryId: EntryId }, { rootId, remote }: Pick<ReconcileInput, 'rootId' | 'remote'>): Place {
  if (!isTemporary(entry, rootId)) return entry;
  for (let n = 1; ; n += 1) {
    const name = `${entry.entryId} (put back${n === 1 ? '' : ` ${n}`})`;
    const holder = remote.childAt(rootId, name)?.entryId;
    if (holder === undefined || holder === entry.entryId) return { parentId: rootId, name };
  }
}
