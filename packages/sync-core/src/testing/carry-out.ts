import assert from 'node:assert/strict';
import type { EntryId, Outcome } from '@driftbox/domain';
import { sameBody, samePlace } from '../compare.ts';
import type { Agreement, LocalOperation, Plan, RemoteOperation } from '../plan.ts';
import { contentOf, remoteOf } from './world.ts';
import type { World } from './world.ts';

/** Which steps of a plan happen; the others are lost, as in a crash or because somebody was in the way. */
export type Luck = (step: number) => boolean;
export const allHappens: Luck = () => true;

/** The least a loop around the planner has to do: carries a plan out and keeps the synced tree. */
export function carryOut(world: World, plan: Plan, localFirst: boolean, luck: Luck): void {
  let step = 0;
  let complete = true;
  const attempt = (action: () => void) => {
    step += 1;
    if (!luck(step)) {
      complete = false;
      world.hasLost = true;
    } else if (complete) action();
    else tolerate(action);
  };
  for (const agreement of plan.agreements) agree(world, agreement);
  for (const entryId of plan.read) world.disk.read(entryId);
  const remote = () => inGroups(plan.remote).forEach((operations) => attempt(() => send(world, operations)));
  const local = () => {
    plan.local.forEach((operation) => attempt(() => doOne(world, operation)));
    if (complete) assert.equal(world.disk.stashed, 0, 'nothing stays in the stash');
    world.disk.unstashAll();
  };
  for (const side of localFirst ? [local, remote] : [remote, local]) side();
}

/** After a lost step the ones that built on it may be impossible; they must not do harm, and the oracles look at that. */
function tolerate(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof assert.AssertionError)) throw error;
  }
}

function agree(world: World, { entryId, now }: Agreement): void {
  if (now === 'gone') world.forget(entryId);
  else world.synced.put({ entryId, ...now.place, body: now.body, rev: now.rev });
}

/** Operations that are committed as a whole or not at all. */
function inGroups(operations: readonly RemoteOperation[]): readonly (readonly RemoteOperation[])[] {
  const groups: RemoteOperation[][] = [];
  for (const operation of operations) {
    const last = groups.at(-1);
    if (operation.group !== undefined && last?.[0]?.group === operation.group) last.push(operation);
    else groups.push([operation]);
  }
  return groups;
}

function send(world: World, operations: readonly RemoteOperation[]): void {
  const outcomes = world.commitTogether(operations.map((operation) => toCommit(world, operation)));
  for (const [index, operation] of operations.entries()) settle(world, operation, outcomes[index]!);
}

function settle(world: World, operation: RemoteOperation, outcome: Outcome): void {
  const { entryId } = operation;
  // A lost step may have left an id in the trash that is no longer known as synced: it goes on under a new one.
  if (outcome.outcome === 'already_exists' && world.hasLost) return world.disk.rename(entryId, world.freshId());
  if (outcome.outcome === 'aborted' && world.hasLost) return;
  assert.ok(outcome.outcome === 'committed', `${JSON.stringify(operation)}: ${JSON.stringify(outcome)}`);
  if (operation.op === 'delete') return world.forget(entryId);
  const entry = remoteOf(world.drive.entries.get(entryId)!);
  const known = world.synced.rows.get(entryId);
  if (known === undefined) world.synced.put(entry);
  else if (operation.op === 'move') world.synced.put({ ...entry, body: known.body });
  else world.synced.put({ ...known, body: entry.body, rev: entry.rev });
}

function toCommit(world: World, operation: RemoteOperation) {
  const { entryId } = operation;
  switch (operation.op) {
    case 'putFile': {
      world.disk.read(entryId);
      const { body } = world.disk.must(entryId);
      assert.ok(body.kind === 'file');
      const { mtimeMs, executable } = body;
      const content = contentOf(body.listId!);
      return { op: 'putFile' as const, entryId, baseRev: operation.baseRev, ...operation.place, content, mtimeMs, executable };
    }
    case 'putSymlink': {
      const { baseRev, place, target } = operation;
      return { op: 'putSymlink' as const, entryId, baseRev, ...place, target, mtimeMs: 0 };
    }
    case 'delete':
      return { op: 'delete' as const, entryId, baseRev: operation.baseRev, seenSeq: world.drive.drive.seq };
    default: {
      const { group: _group, ...bare } = operation;
      return bare;
    }
  }
}

function doOne(world: World, operation: LocalOperation): void {
  const { entryId } = operation;
  const { disk } = world;
  switch (operation.op) {
    case 'makeFolder':
      disk.make(entryId, operation, { kind: 'folder' });
      break;
    case 'mount':
      bring(world, entryId, operation, operation.body);
      break;
    case 'fetch':
      bring(world, entryId, operation, operation.remote.body);
      break;
    case 'link':
      bring(world, entryId, operation, { kind: 'symlink', target: operation.target });
      break;
    case 'move':
      disk.move(entryId, operation);
      break;
    case 'stash':
      return disk.stash(entryId);
    case 'remove':
      disk.remove(entryId);
      return world.synced.drop(entryId);
    case 'setAttributes': {
      const { body } = disk.must(entryId);
      assert.ok(body.kind === 'file');
      disk.write(entryId, { ...body, mtimeMs: operation.mtimeMs, executable: operation.executable });
      break;
    }
    case 'setAside':
      disk.move(entryId, operation);
      return disk.rename(entryId, world.freshId());
    case 'adopt':
      disk.rename(entryId, operation.remoteId);
      return turnIntoMount(world, operation.remoteId);
    case 'renew':
      disk.rename(entryId, world.freshId());
      return world.synced.drop(entryId);
  }
  follow(world, entryId);
}

function bring(
  world: World,
  entryId: EntryId,
  place: { parentId: EntryId; name: string },
  body: Parameters<World['disk']['write']>[1],
): void {
  if (!world.disk.tree.rows.has(entryId)) return world.disk.make(entryId, place, body);
  assert.ok(samePlace(world.disk.must(entryId), place), 'content is brought to where the entry is');
  world.disk.write(entryId, body);
}

/** An empty folder that turned out to be where a drive is mounted. */
function turnIntoMount({ disk, drive }: World, entryId: EntryId): void {
  const remote = drive.entries.get(entryId);
  if (remote?.body.kind === 'mount') disk.tree.put({ ...disk.must(entryId), body: remoteOf(remote).body });
}

/** An aspect of the synced entry is the remote one once the disk shows the same. */
function follow(world: World, entryId: EntryId): void {
  const local = world.disk.tree.rows.get(entryId);
  const entry = world.drive.entries.get(entryId);
  if (local === undefined || entry === undefined || entry.trashed !== undefined) return;
  const remote = remoteOf(entry);
  const known = world.synced.rows.get(entryId);
  const places = samePlace(local, remote);
  const bodies = sameBody(local.body, remote.body);
  if (known === undefined && !(places && bodies)) return;
  const { parentId, name } = places ? remote : known!;
  const rev = places && bodies ? remote.rev : known!.rev;
  world.synced.put({ entryId, parentId, name, body: bodies ? remote.body : known!.body, rev });
}
