import assert from 'node:assert/strict';
import { defaultLimits } from '@driftbox/domain';
import type { EntryId } from '@driftbox/domain';
import type { RemoteOperation } from './plan.ts';
import type { Step } from './sequence.ts';

/** An operation, and the step that it is; an edit is none. */
export type SteppedOperation = { readonly operation: RemoteOperation; readonly step: Step['step'] | undefined };

/** Operations that one commit takes. */
const mostTogether = defaultLimits.operations;

/**
 * Puts what is moved to a temporary name, and all up to where it is moved on from there, into one group, which is committed as
 * a whole or not at all: a temporary name is seen by nobody and cannot be left over. New files that come between are made right
 * after it, as nothing builds on them: then a group has no bytes to wait for. A circle of more names than one commit takes goes
 * in parts, and what might be left of it is put back by whoever finds it.
 */
export function groupSwaps(all: readonly SteppedOperation[]): RemoteOperation[] {
  const grouped: RemoteOperation[] = [];
  const away = new Set<EntryId>();
  let group: RemoteOperation[] = [];
  let after: RemoteOperation[] = [];
  for (const { operation, step } of all) {
    const { entryId } = operation;
    if (step === 'stash') away.add(entryId);
    else away.delete(entryId);
    const isInGroup = group.length > 0 || step === 'stash';
    if (!isInGroup) grouped.push(operation);
    else if (operation.op === 'putFile' || operation.op === 'putSymlink') after.push(operation);
    else group.push(operation);
    if (!isInGroup || away.size > 0) continue;
    grouped.push(...asOne(group, grouped.length), ...after);
    group = [];
    after = [];
  }
  assert.equal(away.size, 0, 'what is out of the way arrives');
  return grouped;
}

function asOne(group: readonly RemoteOperation[], number: number): readonly RemoteOperation[] {
  return group.length > mostTogether ? group : group.map((operation) => ({ ...operation, group: number }));
}
