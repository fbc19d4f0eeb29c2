import type { LocalOperation } from '@driftbox/sync-core';
import type { Life } from '../life.ts';
import type { Arrived, Unreadable } from '../ports/disk.ts';
import type { Wanted } from '../ports/server.ts';
import { ended, mayReplace, pathAt, rowAt, standing } from './step.ts';

type Fetch = Extract<LocalOperation, { op: 'fetch' }>;

/** Fetches content and puts each file in its place as it arrives. */
export async function fetchContents(life: Life, operations: readonly Fetch[]): Promise<void> {
  const planned = new Map(operations.map((op) => [op.entryId, op]));
  const wanted = operations.flatMap((op): Wanted[] => {
    const here = standing(life, op.entryId);
    if (!mayReplace(life, here?.row)) return [];
    return [{ remote: op.remote, old: here?.row.body.kind === 'file' ? { path: here.path, stat: here.row.stat } : undefined }];
  });
  if (wanted.length === 0) return;
  await life.around.server.fetch(wanted, async (one, content) => {
    const op = planned.get(one.remote.entryId);
    if (op !== undefined) await placeContent(life, op, one, content);
  });
}

async function placeContent(life: Life, op: Fetch, { old }: Wanted, content: Arrived | Unreadable): Promise<void> {
  const { disk, store, nowMs } = life.around;
  if ('failed' in content) return life.failed(op.entryId, content.failed);
  const path = pathAt(life, op);
  const row = store.local.get(op.entryId);
  const inPlace = row === undefined || (row.parentId === op.parentId && row.name === op.name && row.stat === old?.stat);
  if (path === undefined || !inPlace) {
    await disk.discard(content);
    return life.failed(op.entryId, 'its place is not free yet');
  }
  const placed = await disk.place(content, standing(life, op.entryId)?.path ?? path, row?.stat);
  ended(life, op.entryId, placed, (stat) => {
    if (stat !== undefined) store.putLocal(rowAt(op.entryId, op, row?.onDisk ?? op.name, op.remote.body, stat, nowMs()));
  });
}
