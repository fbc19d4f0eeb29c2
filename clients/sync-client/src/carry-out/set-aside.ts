import type { LocalOperation } from '@driftbox/sync-core';
import type { Life } from '../life.ts';
import { observedRow } from '../local-row.ts';
import { reId } from '../re-id.ts';
import { ended, pathAt, standing } from './step.ts';

/**
 * The loser of a conflict becomes an entry of its own under the conflict name. Recorded first: after a crash in between the
 * next look finds the new entry moved back to the old place and the old one missing, which is the same conflict again. In
 * the other order it would find the old entry renamed by the user, and send that. False when it is still in its place.
 */
export async function setAside(life: Life, op: Extract<LocalOperation, { op: 'setAside' }>): Promise<boolean> {
  const { disk, store, freshEntryId } = life.around;
  const here = standing(life, op.entryId);
  const to = pathAt(life, op);
  if (here === undefined || to === undefined) {
    life.failed(op.entryId, 'it or its folder is not there');
    return false;
  }
  const newId = freshEntryId();
  const place = { parentId: op.parentId, name: op.name, onDisk: op.name };
  store.transaction(() => {
    reId(store, op.entryId, newId);
    store.putLocal({ ...here.row, ...place, entryId: newId });
  });
  const moved = await disk.move(here.path, to, here.row.stat);
  store.transaction(() => {
    if (moved.outcome === 'done') {
      store.putLocal(observedRow(newId, op, here.row, { name: op.name, onDisk: op.name, stat: moved.stat ?? here.row.stat }));
    } else {
      reId(store, newId, op.entryId);
      store.putLocal(here.row);
    }
  });
  return ended(life, op.entryId, moved);
}
