import type { LocalOperation } from '@driftbox/sync-core';
import type { Life } from '../life.ts';
import { ended, pathAt, rowAt, standing } from './step.ts';

/** Makes a folder, also for another drive to fill. A crash before it is recorded leaves an empty one that the next look adopts. */
export async function makeFolder(life: Life, op: Extract<LocalOperation, { op: 'makeFolder' | 'mount' }>): Promise<void> {
  const { disk, store, nowMs } = life.around;
  const path = pathAt(life, op);
  if (path === undefined) return life.failed(op.entryId, 'its folder is not there yet');
  const made = await disk.makeFolder(path);
  const body = op.op === 'mount' ? op.body : ({ kind: 'folder' } as const);
  ended(life, op.entryId, made, (stat) => {
    if (stat !== undefined) store.putLocal(rowAt(op.entryId, op, op.name, body, stat, nowMs()));
  });
}

/** Makes a symlink, or points one elsewhere. */
export async function makeLink(life: Life, op: Extract<LocalOperation, { op: 'link' }>): Promise<void> {
  const { disk, store, nowMs } = life.around;
  const here = standing(life, op.entryId);
  const path = here?.path ?? pathAt(life, op);
  if (path === undefined) return life.failed(op.entryId, 'its folder is not there yet');
  const made = await disk.makeLink(path, op.target, here?.row.stat);
  const body = { kind: 'symlink', target: op.target } as const;
  ended(life, op.entryId, made, (stat) => {
    if (stat !== undefined) store.putLocal(rowAt(op.entryId, here?.row ?? op, here?.row.onDisk ?? op.name, body, stat, nowMs()));
  });
}
