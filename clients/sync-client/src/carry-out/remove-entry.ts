import type { LocalOperation } from '@driftbox/sync-core';
import type { Life } from '../life.ts';
import { endMount } from './end-mount.ts';
import { ended, mayReplace, standing } from './step.ts';

/**
 * Removes what was deleted elsewhere: one file or link, or a folder that is empty by now. It is forgotten only once a loss of
 * power cannot bring it back: as something unknown it would be taken for new.
 */
export async function removeEntry(life: Life, op: Extract<LocalOperation, { op: 'remove' }>): Promise<void> {
  const here = standing(life, op.entryId);
  if (here === undefined || !mayReplace(life, here.row)) return;
  if (here.row.body.kind === 'mount') return endMount(life, op, here);
  const removed = await life.around.disk.remove(here.path, here.row.stat);
  if (ended(life, op.entryId, removed)) life.removed.add(op.entryId);
}
