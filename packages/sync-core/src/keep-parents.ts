import type { EntryId } from '@driftbox/domain';
import type { Merge } from './merge.ts';
import { homeOf } from './temporary-name.ts';
import type { Verdict } from './verdict.ts';

/**
 * Whatever is kept keeps the folders it lies in: a delete beats nothing that its author had not seen. Folders kept for
 * this reason alone lose the rest of what was in them.
 */
export function keepParents(merge: Merge): void {
  // Keeping a folder makes its other children be judged, and among those may be some that keep folders elsewhere.
  const seen = new Set<EntryId>();
  const kept = new Set<EntryId>();
  for (let fresh = merge.all(); fresh.length > 0; fresh = merge.all().filter(({ entryId }) => !seen.has(entryId))) {
    for (const verdict of fresh) {
      seen.add(verdict.entryId);
      keepAbove(merge, verdict, kept);
    }
  }
}

/** Ends at a folder that was kept before, also because there may be a cycle yet. */
function keepAbove(merge: Merge, verdict: Verdict, kept: Set<EntryId>): void {
  // What waits is left where it is on both sides: a folder with it in it cannot be deleted, but need not come back either.
  if (verdict.fate === 'unread' || verdict.fate === 'unreadable') return;
  let { place } = verdict;
  while (place !== undefined && place.parentId !== merge.trees.input.rootId && !kept.has(place.parentId)) {
    kept.add(place.parentId);
    const above = merge.verdict(place.parentId);
    const after = keep(merge, above);
    if (after !== above) merge.revise(after);
    ({ place } = after);
  }
}

function keep(merge: Merge, folder: Verdict): Verdict {
  if (folder.fate === 'leaves_server') return { ...folder, fate: 'comes', place: homeOf(folder.remote, merge.trees.input) };
  if (folder.fate === 'leaves_disk') return { ...folder, fate: 'renewed', place: folder.local };
  return folder;
}
