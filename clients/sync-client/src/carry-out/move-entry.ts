import type { EntryId } from '@driftbox/domain';
import type { LocalOperation } from '@driftbox/sync-core';
import type { Life } from '../life.ts';
import { observedRow } from '../local-row.ts';
import { ended, pathAt, standing } from './step.ts';

/**
 * Moves an entry to its place, out of the stash if it is there. Recorded afterwards: after a crash in between the next look
 * finds it moved, which is what was wanted.
 */
export async function moveEntry(life: Life, op: Extract<LocalOperation, { op: 'move' }>, stashed: Set<EntryId>): Promise<void> {
  const { disk, store } = life.around;
  const to = pathAt(life, op);
  const row = store.local.get(op.entryId);
  if (to === undefined || row === undefined) return life.failed(op.entryId, 'it or its folder is not there');
  const from = standing(life, op.entryId)?.path;
  const inStash = stashed.has(op.entryId);
  if (!inStash && from === undefined) return life.failed(op.entryId, 'its folder is not there');
  const moved = inStash ? await disk.unstash(op.entryId, to) : await disk.move(from ?? '', to, row.stat);
  const isDone = ended(life, op.entryId, moved, (stat = row.stat) => {
    store.putLocal(observedRow(op.entryId, op, row, { name: op.name, onDisk: op.name, stat }));
  });
  if (isDone) stashed.delete(op.entryId);
}

/**
 * Takes an entry out of the way. Nothing is recorded: it is on its way to a new place, or back to its old one. Nor is anything
 * done by that: what fails after it has failed once more.
 */
export async function stashEntry(life: Life, op: Extract<LocalOperation, { op: 'stash' }>, stashed: Set<EntryId>): Promise<void> {
  const here = standing(life, op.entryId);
  if (here === undefined) return life.failed(op.entryId, 'its folder is not there');
  const outcome = await life.around.disk.stash(here.path, op.entryId, here.row.stat);
  if (outcome.outcome === 'done') stashed.add(op.entryId);
  else ended(life, op.entryId, outcome);
}
