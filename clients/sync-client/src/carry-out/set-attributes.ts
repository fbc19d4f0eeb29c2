import type { LocalOperation } from '@driftbox/sync-core';
import type { Life } from '../life.ts';
import { ended, mayReplace, standing } from './step.ts';

/** Sets time and executable bit. What was asked for is recorded, whatever the file system makes of it. */
export async function setAttributes(life: Life, op: Extract<LocalOperation, { op: 'setAttributes' }>): Promise<void> {
  const here = standing(life, op.entryId);
  // The old time may be all that shows that a file was just written to.
  const body = here?.row.body;
  if (here === undefined || body?.kind !== 'file' || !mayReplace(life, here.row)) return;
  const { mtimeMs, executable } = op;
  const set = await life.around.disk.setAttributes(here.path, { mtimeMs, executable }, here.row.stat);
  ended(life, op.entryId, set, (stat = here.row.stat) => {
    life.around.store.putLocal({ ...here.row, body: { ...body, mtimeMs, executable }, stat });
  });
}
