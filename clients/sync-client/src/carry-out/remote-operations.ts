import type { WriteId } from '@driftbox/domain';
import type { RemoteOperation } from '@driftbox/sync-core';
import { groupsOf } from '../groups-of.ts';
import type { Life } from '../life.ts';
import { readTo } from '../observe-remote.ts';
import type { PendingOperation } from '../ports/server.ts';
import { sendPending } from '../send-pending.ts';
import { standing } from './step.ts';

/** Operations or groups kept and sent before the next are looked at: a first pass over a very large folder has one for each entry. */
const sentTogether = 20_000;

/** Carries out the remote part of a plan, in order. Every operation is kept before it is sent, until its outcome is known. */
export async function carryOutRemotely(life: Life, operations: readonly RemoteOperation[]): Promise<void> {
  const { store } = life.around;
  const due = dueOf(life, operations);
  for (let at = 0; at < due.length; at += sentTogether) {
    const pending = due.slice(at, at + sentTogether).flatMap((group) => pendingOf(life, group));
    if (pending.length === 0) continue;
    store.transaction(() => store.keepPending(pending));
    await sendPending(life, pending);
  }
}

/** What is to be left alone for now is left out, and so is a group in which something is. */
function dueOf({ resends, around }: Life, operations: readonly RemoteOperation[]): RemoteOperation[][] {
  const nowMs = around.nowMs();
  const groups = groupsOf(operations, ({ group }) => group);
  const isHeld = (group: readonly RemoteOperation[]) =>
    resends.holdsAll(
      group.map(({ entryId }) => entryId),
      nowMs,
    );
  return groups.filter((group) => !isHeld(group));
}

function pendingOf(life: Life, operations: readonly RemoteOperation[]): PendingOperation[] {
  const { freshWriteId, store } = life.around;
  const seenSeq = readTo(store);
  const isGroup = operations[0]?.group !== undefined;
  let first: WriteId | undefined;
  return operations.flatMap((planned): PendingOperation[] => {
    const { group: _group, ...operation } = planned;
    const writeId = freshWriteId();
    first ??= writeId;
    const common = { writeId, operation, seenSeq, ...(isGroup ? { group: first } : {}) };
    if (operation.op !== 'putFile') return [common];
    const here = standing(life, operation.entryId);
    if (here !== undefined) return [{ ...common, source: { path: here.path, stat: here.row.stat } }];
    // It is on its way elsewhere on this disk, and sent from there, or from here if it cannot go.
    life.moved = true;
    return [];
  });
}
