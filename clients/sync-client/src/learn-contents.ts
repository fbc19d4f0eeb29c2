import type { EntryId } from '@driftbox/domain';
import { observedRow } from './local-row.ts';
import { pathOf } from './local-path.ts';
import type { Life } from './life.ts';
import { isTrusted } from './racy-window.ts';
import { inParallel } from './in-parallel.ts';

/** Each holds some chunks in memory; reading and hashing are spread over threads as it is. */
const readsAtOnce = 2;

/**
 * Reads files again that were read when they had just been written, now that a further change would show. What was known
 * of them stands meanwhile; nothing is written over them before.
 */
export async function settleDoubts(life: Life): Promise<void> {
  const doubtful = [...life.doubtful];
  life.doubtful.clear();
  await learnContents(life, doubtful);
}

/** Reads files whose bytes decide. One that cannot be read, or changes meanwhile, is tried again later. */
export async function learnContents(life: Life, entryIds: readonly EntryId[]): Promise<void> {
  const nowMs = life.around.nowMs();
  await inParallel(
    entryIds.filter((entryId) => !life.retries.holds(entryId, nowMs)),
    readsAtOnce,
    (entryId) => learnContent(life, entryId),
  );
}

async function learnContent(life: Life, entryId: EntryId): Promise<void> {
  const { disk, store, rootId, nowMs } = life.around;
  const path = pathOf(store, rootId, entryId);
  if (path === undefined) return;
  const readMs = nowMs();
  const read = await disk.read(path);
  const row = store.local.get(entryId);
  if (row === undefined) return;
  if (read === undefined || ('stat' in read && read.stat.identity !== row.stat.identity)) {
    life.failed(entryId, 'changed while it was read');
    return;
  }
  if ('failed' in read) {
    store.putLocal({ ...row, unreadable: read.failed });
    life.failed(entryId, read.failed);
    return;
  }
  const now = observedRow(entryId, row, row, { name: row.name, onDisk: row.onDisk, stat: read.stat });
  if (now.body.kind !== 'file') return;
  store.putLocal({ ...now, body: { ...now.body, listId: read.listId }, trusted: isTrusted(read.stat, readMs) });
  life.done(entryId);
}
