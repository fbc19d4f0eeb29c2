import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EntryId } from '@driftbox/domain';
import type { LocalOperation, Plan, RemoteOperation } from './plan.ts';
import type { ReconcileInput } from './reconcile-input.ts';
import { reconcile } from './reconcile.ts';
import { laws } from './testing/laws.ts';
import { exactNames } from './testing/name-rules.ts';
import { reunions } from './testing/reunion.ts';
import type { Planner } from './testing/reunion.ts';
import type { SyncedEntry, Tree } from './tree.ts';

const withoutLocal =
  (...ops: LocalOperation['op'][]): Planner =>
  (input) => {
    const plan = reconcile(input);
    return { ...plan, local: plan.local.filter(({ op }) => !ops.includes(op)) };
  };

const remotely =
  (change: (operations: readonly RemoteOperation[]) => readonly RemoteOperation[]): Planner =>
  (input) => {
    const plan = reconcile(input);
    return { ...plan, remote: change(plan.remote) };
  };

const planOf =
  (change: (input: ReconcileInput) => ReconcileInput): Planner =>
  (input) =>
    reconcile(change(input));

/** The synced tree as a planner sees it that takes the local content for what was agreed on. */
function localTakenForAgreed({ synced, local }: ReconcileInput): Tree<SyncedEntry> {
  const seen = (entry: SyncedEntry | undefined) => entry && { ...entry, body: local.get(entry.entryId)?.body ?? entry.body };
  return {
    get: (entryId: EntryId) => seen(synced.get(entryId)),
    childrenOf: (parentId) => synced.childrenOf(parentId),
    childAt: (parentId, name) => synced.childAt(parentId, name),
  };
}

function reversedLocal(plan: Plan): Plan {
  return { ...plan, local: plan.local.toReversed() };
}

const plantedBugs: readonly { law: keyof typeof laws; bug: string; planner: Planner }[] = [
  { law: 'nothingIsLost', bug: 'no conflict copy', planner: withoutLocal('setAside') },
  {
    law: 'nothingIsLost',
    bug: 'an edit does not beat a delete',
    planner: planOf((input) => ({ ...input, synced: localTakenForAgreed(input) })),
  },
  { law: 'sidesAreEqual', bug: 'deletes are not sent', planner: remotely((all) => all.filter(({ op }) => op !== 'delete')) },
  { law: 'sidesAreEqual', bug: 'children before their folders', planner: remotely((all) => all.toReversed()) },
  { law: 'sidesAreEqual', bug: 'names are swapped without a temporary one', planner: remotely((all) => all.filter(isNotTemporary)) },
  { law: 'sidesAreEqual', bug: 'steps on disk in the wrong order', planner: (input) => reversedLocal(reconcile(input)) },
  { law: 'sidesAreEqual', bug: 'nothing is stashed', planner: withoutLocal('stash') },
  { law: 'sidesAreEqual', bug: 'what is one and the same is not adopted', planner: withoutLocal('adopt') },
  { law: 'sidesAreEqual', bug: 'the file system is thought to mind case', planner: planOf((input) => ({ ...input, names: exactNames })) },
  { law: 'sidesAreEqual', bug: 'agreements are not told', planner: withoutAgreements },
  {
    law: 'orderDoesNotMatter',
    bug: 'what is named first wins',
    planner: planOf((input) => ({ ...input, changed: [...input.changed].slice(0, 1) })),
  },
  { law: 'temporaryNamesEnd', bug: 'names are swapped in steps that can be told apart', planner: remotely((all) => all.map(ungrouped)) },
  { law: 'planningAgainIsEmpty', bug: 'nothing was ever agreed on', planner: planOf((input) => ({ ...input, synced: nothing })) },
  { law: 'deletesHold', bug: 'the synced tree is forgotten', planner: planOf((input) => ({ ...input, synced: nothing })) },
  { law: 'selectionHolds', bug: 'what is not wanted is not looked at', planner: planOf((input) => ({ ...input, selected: () => true })) },
  { law: 'unreadableIsLeftAlone', bug: 'what cannot be read counts as read', planner: planOf(readable) },
];

const nothing: Tree<SyncedEntry> = { get: () => undefined, childrenOf: () => [], childAt: () => undefined };

function isNotTemporary(operation: RemoteOperation): boolean {
  return operation.op !== 'move' || !operation.name.startsWith('.driftbox-moving-');
}

function ungrouped(operation: RemoteOperation): RemoteOperation {
  return { ...operation, group: undefined };
}

/** A loop that is not told sees the same difference in each pass. */
function withoutAgreements(input: ReconcileInput): Plan {
  const plan = reconcile(input);
  return { ...plan, agreements: plan.agreements.filter(({ now }) => now === 'gone') };
}

function readable(input: ReconcileInput): ReconcileInput {
  const { local } = input;
  return {
    ...input,
    local: {
      get: (entryId) => {
        const entry = local.get(entryId);
        return entry && { ...entry, unreadable: undefined };
      },
      childrenOf: (parentId) => local.childrenOf(parentId),
      childAt: (parentId, name) => local.childAt(parentId, name),
    },
  };
}

describe('a device that was apart and comes back', () => {
  test.each(Object.entries(laws))('%s', (_name, law) => {
    fc.assert(
      fc.property(reunions, (reunion) => law(reunion, reconcile)),
      { numRuns: 150, seed: 1 },
    );
  });
});

describe('each law catches the bugs planted for it', () => {
  test.each(plantedBugs)('$law: $bug', ({ law, planner }) => {
    const found = fc.check(
      fc.property(reunions, (reunion) => laws[law](reunion, planner)),
      { numRuns: 1500, seed: 1, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
