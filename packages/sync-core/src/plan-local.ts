import assert from 'node:assert/strict';
import type { EntryId, Place } from '@driftbox/domain';
import { samePlace } from './compare.ts';
import { explainWaiting } from './explain-waiting.ts';
import type { LocalNames } from './local-names.ts';
import type { Merge } from './merge.ts';
import { orderSide } from './order-side.ts';
import type { OrderedSide } from './order-side.ts';
import type { LocalOperation, Waiting } from './plan.ts';
import type { Step } from './sequence.ts';
import type { SettledNames } from './settle-names.ts';
import type { Side, Wish } from './side.ts';
import type { RemoteEntry } from './tree.ts';
import type { Verdict } from './verdict.ts';

/** What has to be done on disk, in order; and which entries cannot be brought into line now. */
export type LocalPlan = {
  readonly operations: readonly LocalOperation[];
  readonly waiting: readonly Waiting[];
};

/** Aside first, then names and places, then removals, then content: each finds its place as those before have left it. */
export function planLocal(merge: Merge, names: LocalNames, settled: SettledNames): LocalPlan {
  const side = localSide(merge, names, settled);
  const verdicts = merge.all();
  const { representable } = merge.trees.input.names;
  const wanted = verdicts.map((verdict) => wishOf(side, verdict)).filter((wish) => wish !== undefined);
  const possible = wanted.filter(({ to }) => to === undefined || representable(to.name));
  const order = orderSide(side, possible, (byId) => pinnedBy(merge, byId));
  const aside = verdicts.filter((verdict) => isSetAside(verdict, order));
  const operations: readonly LocalOperation[] = [
    ...[...settled.adopted].map(([entryId, remoteId]) => ({ op: 'adopt' as const, entryId, remoteId })),
    ...aside.map(({ entryId }) => setAside(entryId, settled.conflictPlace(entryId, placeOnDisk(side, entryId)))),
    ...order.steps.map((step) => operationOf(merge, step, order)),
    ...verdicts.map((verdict) => takeContent(side, verdict, order)).filter((operation) => operation !== undefined),
    ...verdicts.filter(({ fate }) => fate === 'renewed').map(({ entryId }) => ({ op: 'renew' as const, entryId })),
  ];
  return { operations, waiting: explainWaiting(merge, side, wanted, order) };
}

/** The disk, as it is once local entries have taken the ids of remote ones. */
function localSide({ trees }: Merge, names: LocalNames, { adopted, adopterOf }: SettledNames): Side {
  const idOnDisk = (entryId: EntryId) => adopterOf.get(entryId) ?? entryId;
  const idInPlan = (entryId: EntryId) => adopted.get(entryId) ?? entryId;
  return {
    rootId: trees.input.rootId,
    placeOf: (entryId) => {
      const entry = trees.local(idOnDisk(entryId));
      return entry && (adopted.size === 0 ? entry : { parentId: idInPlan(entry.parentId), name: entry.name });
    },
    at: ({ parentId, name }) => {
      const entry = names.at({ parentId: idOnDisk(parentId), name });
      return entry && idInPlan(entry.entryId);
    },
    keyOf: (name) => names.keyOf(name),
    isClosed: (folderId) => trees.local(idOnDisk(folderId))?.unreadable !== undefined,
  };
}

function wishOf(side: Side, verdict: Verdict): Wish | undefined {
  const { entryId, fate, place } = verdict;
  if (fate === 'comes') return { entryId, to: place, creates: true };
  if (fate === 'leaves_disk' || fate === 'leaves_device') return { entryId, to: undefined, creates: false };
  const mayMove = fate === 'goes_up' || (fate === 'stays' && verdict.wanted);
  return mayMove && !samePlace(place, placeOnDisk(side, entryId)) ? { entryId, to: place, creates: false } : undefined;
}

function placeOnDisk(side: Side, entryId: EntryId): Place {
  const place = side.placeOf(entryId);
  assert.ok(place !== undefined, 'the entry is on disk');
  return { parentId: place.parentId, name: place.name };
}

/** Folders to be removed with something in them that does not leave, or that something else goes to. */
function pinnedBy(merge: Merge, byId: ReadonlyMap<EntryId, Wish>): Set<EntryId> {
  const pinned = new Set<EntryId>();
  for (const { entryId, to } of byId.values()) {
    const goal = to && byId.get(to.parentId);
    if (goal !== undefined && goal.to === undefined) pinned.add(goal.entryId);
    if (to !== undefined || merge.verdict(entryId).local?.body.kind !== 'folder') continue;
    for (const child of merge.trees.input.local.childrenOf(entryId)) if (!byId.has(child.entryId)) pinned.add(entryId);
  }
  return pinned;
}

function operationOf(merge: Merge, { step, entryId }: Step, { wishes }: OrderedSide): LocalOperation {
  if (step === 'stash') return { op: 'stash', entryId };
  if (step === 'remove') return { op: 'remove', entryId };
  const wish = wishes.get(entryId);
  const verdict = merge.verdict(entryId);
  assert.ok(wish?.to !== undefined, 'what arrives has a place');
  const { parentId, name } = wish.to;
  return verdict.fate === 'comes' ? bring(verdict.remote, wish.to) : { op: 'move', entryId, parentId, name };
}

function bring(remote: RemoteEntry, { parentId, name }: Place): LocalOperation {
  const { entryId, body } = remote;
  if (body.kind === 'folder') return { op: 'makeFolder', entryId, parentId, name };
  if (body.kind === 'symlink') return { op: 'link', entryId, parentId, name, target: body.target };
  if (body.kind === 'mount') return { op: 'mount', entryId, parentId, name, body };
  return { op: 'fetch', entryId, parentId, name, remote };
}

/** Two edits, and the entry is where it will be: one that is still to be moved is moved first, and set aside by the next pass. */
function isSetAside(verdict: Verdict, { wishes }: OrderedSide): boolean {
  return verdict.fate === 'stays' && verdict.body === 'conflict' && !wishes.has(verdict.entryId);
}

function setAside(entryId: EntryId, { parentId, name }: Place): LocalOperation {
  return { op: 'setAside', entryId, parentId, name };
}

/** The content of what is on both sides. An entry whose move is not possible takes it where it is. */
function takeContent(side: Side, verdict: Verdict, order: OrderedSide): LocalOperation | undefined {
  if (verdict.fate !== 'stays' || !verdict.wanted) return undefined;
  const { entryId, body, remote } = verdict;
  if (body === 'attributes_down' && remote.body.kind === 'file') {
    const { mtimeMs, executable } = remote.body;
    return { op: 'setAttributes', entryId, mtimeMs, executable };
  }
  if (body !== 'down' && !isSetAside(verdict, order)) return undefined;
  return bring(remote, order.wishes.get(entryId)?.to ?? placeOnDisk(side, entryId));
}
