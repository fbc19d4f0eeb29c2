import assert from 'node:assert/strict';
import { liveChildren } from '@driftbox/domain';
import type { Digest, EntryId } from '@driftbox/domain';
import { sameBody, samePlace } from '../compare.ts';
import { isTemporary } from '../temporary-name.ts';
import type { TreeEntry } from '../tree.ts';
import type { Planner, Reunion } from './reunion.ts';
import { isEmpty, meet, partAndMeet, settle } from './reunion.ts';
import { rootId } from './ids.ts';
import { remoteOf } from './world.ts';
import type { World } from './world.ts';

/** A law plays a reunion and throws when it does not hold. It never asks the planner what is right. */
export type Law = (reunion: Reunion, planner: Planner) => void;

/** Every entry that the server has, by id, itself and all above it out of the trash. */
export function liveEntries(world: World, parentId: EntryId = rootId): Map<EntryId, TreeEntry> {
  const live = new Map<EntryId, TreeEntry>();
  for (const entry of liveChildren(world.drive, parentId)) {
    live.set(entry.entryId, remoteOf(entry));
    for (const [entryId, below] of liveEntries(world, entry.entryId)) live.set(entryId, below);
  }
  return live;
}

function liveContents(world: World): Set<Digest | undefined> {
  return new Set([...liveEntries(world).values()].map(({ body }) => (body.kind === 'file' ? body.listId : undefined)));
}

/** What no longer stands in anybody's way: the end of every reunion. */
function mend(world: World): void {
  world.unselected.clear();
  world.disk.mendAll();
}

/** Disk, server and synced tree hold the same, but for what waits: that is what a pass is for. */
export const sidesAreEqual: Law = (reunion, planner) => {
  const world = partAndMeet(reunion, planner);
  mend(world);
  meet(world, reunion, planner);
  const { waiting } = planner(world.input());
  const waits = new Set(waiting.map(({ entryId }) => entryId));
  assert.ok(world.names.exact || waits.size < 30, 'few wait');
  if (world.names.exact) assert.deepEqual(waiting, []);
  const live = liveEntries(world);
  for (const entryId of new Set([...live.keys(), ...world.disk.tree.rows.keys(), ...world.synced.rows.keys()])) {
    if (waits.has(entryId)) continue;
    const [remote, local, synced] = [live.get(entryId), world.disk.tree.rows.get(entryId), world.synced.rows.get(entryId)];
    assert.ok(remote !== undefined && local !== undefined && synced !== undefined, `${entryId} is everywhere`);
    assert.ok(samePlace(remote, local) && samePlace(remote, synced), `${remote.name} is at one place`);
    assert.ok(sameBody(remote.body, local.body) && sameBody(remote.body, synced.body), `${remote.name} holds one thing`);
  }
};

/** What somebody wrote while they were apart is there at the end, under some name; what was there before is in the history. */
export const nothingIsLost: Law = (reunion, planner) => {
  const world = partAndMeet(reunion, planner);
  const { tree, bytes } = world.disk;
  const heldLocally = [...tree.rows.values()].filter(({ body }) => body.kind === 'file').map(({ entryId }) => entryId);
  const syncedAs = (entryId: EntryId) => {
    const body = world.synced.rows.get(entryId)?.body;
    return body?.kind === 'file' ? body.listId : undefined;
  };
  const written = new Set(heldLocally.filter((id) => bytes.get(id) !== syncedAs(id)).map((id) => bytes.get(id)));
  for (const [entryId, { body }] of liveEntries(world)) {
    if (body.kind === 'file' && body.listId !== syncedAs(entryId)) written.add(body.listId);
  }
  const held = new Set(heldLocally.map((entryId) => bytes.get(entryId)));
  mend(world);
  meet(world, { ...reunion, later: [] }, planner);
  const live = liveContents(world);
  for (const content of written) assert.ok(live.has(content), `${content} was written and is nowhere`);
  const revisions = [...world.drive.revisions.values()].flat();
  const kept = new Set(revisions.map(({ body }) => (body.kind === 'file' ? body.content.listId : undefined)));
  for (const content of held) assert.ok(kept.has(content), `${content} was on disk and is not even in the history`);
};

/** What was deleted on one side, and neither written nor moved on the other, itself or with what it was in, stays deleted. */
export const deletesHold: Law = (reunion, planner) => {
  const world = partAndMeet(reunion, planner);
  mend(world);
  const live = liveEntries(world);
  const isUntouched = (entryId: EntryId, now: ReadonlyMap<EntryId, TreeEntry>) => {
    for (let id = entryId; id !== rootId;) {
      const [is, was] = [now.get(id), world.synced.rows.get(id)];
      if (is === undefined || was === undefined || !samePlace(is, was) || !sameBody(is.body, was.body)) return false;
      id = is.parentId;
    }
    return true;
  };
  const deleted = [...world.synced.rows.values()].filter(({ entryId, body }) => {
    const [here, there] = [world.disk.tree.rows.has(entryId), live.has(entryId)];
    return body.kind === 'file' && here !== there && isUntouched(entryId, here ? world.disk.tree.rows : live);
  });
  meet(world, { ...reunion, lost: [] }, planner);
  const end = liveEntries(world);
  for (const { entryId } of deleted) {
    assert.ok(!end.has(entryId) && !world.disk.tree.rows.has(entryId) && !world.disk.renewed.has(entryId), `${entryId} stays deleted`);
  }
};

/** A settled world has an empty plan, and so has its successor; nothing is planned twice. */
export const planningAgainIsEmpty: Law = (reunion, planner) => {
  const world = partAndMeet(reunion, planner);
  meet(world, reunion, planner);
  assert.ok(isEmpty(planner(world.input())));
};

/** Plans do not depend on the order of `changed`, nor of children, nor on more being named than changed. */
export const orderDoesNotMatter: Law = (reunion, planner) => {
  const world = partAndMeet(reunion, planner);
  const input = world.input();
  const plan = planner(input);
  assert.deepEqual(planner(world.input(true)), plan);
  const everything = new Set([...world.synced.rows.keys(), ...world.disk.tree.rows.keys(), ...world.drive.entries.keys()]);
  assert.deepEqual(planner({ ...input, changed: everything }), plan);
};

/**
 * A plan leaves nothing under a temporary name on the server, however few of its groups are carried out; and whatever somebody
 * else left there is somewhere else at the end, and never came to a disk under that name.
 */
export const temporaryNamesEnd: Law = (reunion, planner) => {
  const world = partAndMeet(reunion, planner);
  mend(world);
  const isLeft = (entry: TreeEntry) => isTemporary(entry, rootId);
  const { remote } = planner(world.input());
  for (const [index, operation] of remote.entries()) {
    if (operation.op !== 'move' || !isLeft({ ...operation, body: { kind: 'folder' } })) continue;
    const onward = remote.findIndex(({ op, entryId }, at) => at > index && op === 'move' && entryId === operation.entryId);
    assert.ok(onward > index, 'it is moved on');
    for (const { group } of remote.slice(index, onward + 1)) assert.ok(group !== undefined && group === operation.group, 'in one group');
  }
  meet(world, reunion, planner);
  assert.deepEqual([...liveEntries(world).values(), ...world.disk.tree.rows.values()].filter(isLeft), []);
};

/** What is not wanted leaves the disk once it is in step, is never deleted on the server, and comes back when it is wanted. */
export const selectionHolds: Law = (reunion, planner) => {
  const world = partAndMeet({ ...reunion, unreadable: [] }, planner);
  const before = liveEntries(world);
  meet(world, { ...reunion, lost: [] }, planner);
  const live = liveEntries(world);
  for (const entryId of world.unselected) {
    const onServer = live.has(entryId);
    assert.ok(!onServer || !world.disk.tree.rows.has(entryId), `${entryId} is not wanted and leaves`);
    if (before.has(entryId)) assert.ok(onServer || !world.synced.rows.has(entryId));
  }
  const unwanted = [...live].filter(([entryId]) => !world.disk.tree.rows.has(entryId));
  world.unselected.clear();
  settle(world, planner);
  const end = liveEntries(world);
  for (const [entryId, entry] of unwanted) assert.deepEqual(end.get(entryId), entry, 'what is not on disk is as it was on the server');
};

/** What cannot be read is neither touched nor deleted anywhere, and neither is what it hides. */
export const unreadableIsLeftAlone: Law = (reunion, planner) => {
  const world = partAndMeet({ ...reunion, unwanted: [] }, planner);
  const spoilt = [...world.disk.tree.rows.values()].filter(({ unreadable }) => unreadable !== undefined);
  const live = liveEntries(world);
  meet(world, { ...reunion, lost: [] }, planner);
  const end = liveEntries(world);
  for (const entry of spoilt) {
    const now = world.disk.tree.rows.get(entry.entryId);
    // Its folder may have become a new entry, which takes it along.
    const parentId = world.disk.renewed.has(entry.parentId) ? now?.parentId : entry.parentId;
    assert.deepEqual(now, { ...entry, parentId });
    assert.ok(!live.has(entry.entryId) || end.has(entry.entryId), `${entry.entryId} is on the server still`);
  }
};

export const laws = {
  sidesAreEqual,
  nothingIsLost,
  deletesHold,
  planningAgainIsEmpty,
  orderDoesNotMatter,
  temporaryNamesEnd,
  selectionHolds,
  unreadableIsLeftAlone,
};
