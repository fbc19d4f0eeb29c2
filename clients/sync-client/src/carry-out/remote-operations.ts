import type { RemoteOperation } from '@driftbox/sync-core';
import type { Life } from '../life.ts';
import { readTo } from '../observe-remote.ts';
import type { PendingOperation } from '../ports/server.ts';
import { sendPending } from '../send-pending.ts';
import { standing } from './step.ts';

/** Carries out the remote part of a plan. Every operation is kept before it is sent, until its outcome is known. */
export async function carryOutRemotely(life: Life, operations: readonly RemoteOperation[]): Promise<void> {
  const { store, nowMs } = life.around;
  const due = operations.filter(({ entryId }) => !life.retries.holds(entryId, nowMs()));
  const pending = due.flatMap((operation) => pendingOf(life, operation));
  if (pending.length === 0) return;
  store.transaction(() => store.keepPending(pending));
  await sendPending(life, pending);
}

function pendingOf(life: Life, operation: RemoteOperation): PendingOperation[] {
  const { freshWriteId, store } = life.around;
  const common = { writeId: freshWriteId(), operation, seenSeq: readTo(store) };
  if (operation.op !== 'putFile') return [common];
  const here = standing(life, operation.entryId);
  return here === undefined ? [] : [{ ...common, source: { path: here.path, stat: here.row.stat } }];
}
