import assert from 'node:assert/strict';
import type { EntryId, Place } from '@driftbox/domain';
import { samePlace } from './compare.ts';
import { groupSwaps } from './group-swaps.ts';
import type { SteppedOperation } from './group-swaps.ts';
import type { Merge } from './merge.ts';
import { orderSide } from './order-side.ts';
import type { RemoteOperation } from './plan.ts';
import type { Step } from './sequence.ts';
import { wishAbove } from './side.ts';
import type { Side, Wish } from './side.ts';
import { temporaryPlace } from './temporary-name.ts';
import type { LocalEntry } from './tree.ts';
import type { Verdict } from './verdict.ts';

/** What the server has to be told, in an order in which the commit rule takes each operation. */
export function planRemote(merge: Merge): RemoteOperation[] {
  const { input } = merge.trees;
  const side: Side = {
    rootId: input.rootId,
    placeOf: (entryId) => merge.trees.remote(entryId),
    at: ({ parentId, name }) => input.remote.childAt(parentId, name)?.entryId,
    keyOf: (name) => name,
    isClosed: () => false,
  };
  const verdicts = merge.all();
  const { steps, wishes } = orderSide(
    side,
    verdicts.map((verdict) => wishOf(merge, verdict)).filter((wish) => wish !== undefined),
    (byId) => pinnedBy(verdicts, side, byId),
  );
  const operations = new RemoteOperations(merge);
  for (const { step, entryId } of steps) {
    if (step === 'stash') operations.move(entryId, temporaryPlace(input.rootId, entryId), step);
    else if (step === 'remove') operations.delete(entryId);
    else operations.arrive(entryId, wishes.get(entryId));
  }
  for (const verdict of verdicts) operations.edit(verdict);
  return groupSwaps(operations.all);
}

function wishOf(merge: Merge, verdict: Verdict): Wish | undefined {
  const { entryId, fate, place } = verdict;
  if (fate === 'goes_up') return { entryId, to: place, creates: true };
  if (fate === 'stays' && !samePlace(verdict.place, verdict.remote)) return { entryId, to: place, creates: false };
  // A folder's delete takes with it what is in it: only the topmost is said.
  const isTopmost = fate === 'leaves_server' && merge.known(verdict.remote.parentId)?.fate !== 'leaves_server';
  return isTopmost ? { entryId, to: undefined, creates: false } : undefined;
}

/** Folders to be deleted with something in them that waits. */
function pinnedBy(verdicts: readonly Verdict[], side: Side, byId: ReadonlyMap<EntryId, Wish>): Set<EntryId> {
  const pinned = new Set<EntryId>();
  for (const { entryId, fate, remote } of verdicts) {
    if (remote === undefined || (fate !== 'unread' && fate !== 'unreadable')) continue;
    const above = wishAbove(side, byId, entryId);
    if (above !== undefined && above.to === undefined) pinned.add(above.entryId);
  }
  return pinned;
}

/** Operations as they are added, each with the revision that those before it have led to. */
class RemoteOperations {
  readonly all: SteppedOperation[] = [];
  readonly #merge: Merge;
  readonly #moves = new Map<EntryId, number>();

  constructor(merge: Merge) {
    this.#merge = merge;
  }

  move(entryId: EntryId, { parentId, name }: Place, step: Step['step']): void {
    const moves = this.#moves.get(entryId) ?? 0;
    this.#moves.set(entryId, moves + 1);
    this.#add({ op: 'move', entryId, parentId, name, baseRev: this.#remote(entryId).rev + moves }, step);
  }

  delete(entryId: EntryId): void {
    this.#add({ op: 'delete', entryId, baseRev: this.#remote(entryId).rev }, 'remove');
  }

  arrive(entryId: EntryId, wish: Wish | undefined): void {
    assert.ok(wish?.to !== undefined, 'what arrives has a place');
    const { parentId, name } = wish.to;
    if (!wish.creates) return this.move(entryId, wish.to, 'arrive');
    const { body } = this.#local(entryId);
    if (body.kind === 'folder') this.#add({ op: 'createFolder', entryId, parentId, name }, 'arrive');
    else this.#put(entryId, body, null, { parentId, name });
  }

  /** New content or attributes of what is there already; the server rebases them over the moves. */
  edit(verdict: Verdict): void {
    if (verdict.fate !== 'stays') return;
    const { entryId, body, local, remote } = verdict;
    if (body === 'up') this.#put(entryId, local.body, remote.rev, undefined);
    if (body !== 'attributes_up' || local.body.kind !== 'file') return;
    const { mtimeMs, executable } = local.body;
    this.#add({ op: 'setAttributes', entryId, baseRev: remote.rev, mtimeMs, executable });
  }

  #add(operation: RemoteOperation, step?: Step['step']): void {
    this.all.push({ operation, step });
  }

  #put(entryId: EntryId, body: LocalEntry['body'], baseRev: number | null, place: Place | undefined): void {
    const step = baseRev === null ? 'arrive' : undefined;
    assert.ok(body.kind !== 'mount', 'a mount on disk came from the server');
    if (body.kind === 'symlink') this.#add({ op: 'putSymlink', entryId, baseRev, place, target: body.target }, step);
    else this.#add({ op: 'putFile', entryId, baseRev, place }, step);
  }

  #remote(entryId: EntryId) {
    const { remote } = this.#merge.verdict(entryId);
    assert.ok(remote !== undefined, 'only what the server has is moved or deleted');
    return remote;
  }

  #local(entryId: EntryId) {
    const { local } = this.#merge.verdict(entryId);
    assert.ok(local !== undefined, 'only what is on disk is created');
    return local;
  }
}
