import type { LocalOperation } from '@driftbox/sync-core';
import type { Life } from '../life.ts';
import type { LocalPath } from '../ports/disk.ts';
import type { LocalRow } from '../ports/store.ts';
import { ended } from './step.ts';

/**
 * The drive is shown here no longer. What this device alone has stays on disk, in a folder that nobody knows yet: the next look finds
 * it, and it is sent to the drive around it. Nothing is lost because somebody was told to see something no longer.
 */
export async function endMount(
  life: Life,
  op: Extract<LocalOperation, { op: 'remove' }>,
  { path, row }: { readonly path: LocalPath; readonly row: LocalRow },
): Promise<void> {
  const { mounts, store } = life.around;
  const end = await mounts.end(op.entryId, path, row.stat);
  if ('failed' in end) return end.againMs === undefined ? life.failed(op.entryId, end.failed) : life.lookAgainAt(end.againMs);
  ended(life, op.entryId, { outcome: 'done', stat: undefined });
  if (end.ended === 'gone') life.removed.add(op.entryId);
  else store.transaction(() => [store.dropLocal(op.entryId), store.dropSynced(op.entryId)]);
}
