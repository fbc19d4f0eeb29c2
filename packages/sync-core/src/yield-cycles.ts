import type { EntryId } from '@driftbox/domain';
import type { Merge } from './merge.ts';
import { homeOf } from './temporary-name.ts';

/**
 * Two moves that are fine each by itself may put two folders into each other. The server cannot hold that, and has one of
 * the moves already: those made here are undone. Answers whether there were any.
 */
export function yieldCycles(merge: Merge): boolean {
  const moved = merge.all().filter((verdict) => verdict.fate === 'stays' && verdict.placedHere && verdict.local.body.kind === 'folder');
  // All are found before any is undone, so that it does not matter where the search began.
  const tangled = moved.filter(({ entryId }) => isAboveItself(merge, entryId));
  for (const verdict of tangled) {
    if (verdict.fate !== 'stays') continue;
    merge.revise({ ...verdict, place: homeOf(verdict.remote, merge.trees.input), placedHere: false });
  }
  return tangled.length > 0;
}

function isAboveItself(merge: Merge, entryId: EntryId): boolean {
  const seen = new Set<EntryId>();
  for (let above = merge.parentOf(entryId); above !== undefined && !seen.has(above); above = merge.parentOf(above)) {
    if (above === entryId) return true;
    seen.add(above);
  }
  return false;
}
