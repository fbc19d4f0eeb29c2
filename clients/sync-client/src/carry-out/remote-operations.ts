import type { RemoteOperation } from '@driftbox/sync-core';
import type { Life } from '../life.ts';
import { readTo } from '../observe-remote.ts';
import type { PendingOperation } from '../ports/server.ts';
import { sendPending } from '../send-pending.ts';
import { standing } from './step.ts';

/** Operations kept and sent before the next are looked at: a first pass over a very large folder has as many as it has entries. */
const sentTogether = 20_000;

/** Carries out the remote part of a plan, in order. Every operation is kept before it is sent, until its outcome is known. */
export async function carryOutRemotely(life: Life, operations: readonly RemoteOperation[]): Promise<void> {
  const { store, nowMs } = life.around;
  const due = operations.filter(({ entryId }) => !life.retries.holds(entryId, nowMs()));
  for (let at = 0; at < due.length; at += sentTogether) {
    const pending = due.slice(at, at + sentTogether).flatMap((operation) => pendingOf(life, operation));
    if (pending.length === 0) continue;
    store.transaction(() => store.keepPending(pending));
    await sendPending(life, pending);
  }
}

function pendingOf(life: Life, operation: RemoteOperation): PendingOperation[] {
  const { freshWriteId, store } = life.around;
  const common = { writeId: freshWriteId(), operation, seenSeq: readTo(store) };
  if (operation.op !== 'putFile') return [common];
  const here = standing(life, operation.entryId);
  return here === undefined ? [] : [{ ...common, source: { path: here.path, stat: here.row.stat } }];
}
