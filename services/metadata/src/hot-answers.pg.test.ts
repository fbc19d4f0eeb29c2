import { expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
import { localAnswers, type AnswerStore } from './answer-store.ts';
import { knowUser } from './testing/know-user.ts';
import { openDoor, type Door, type Person } from './testing/door.ts';
import { problem, useScene, type Scene } from './testing/scene.ts';

let { db, ada, eve, tenantId, rootId, inDrive, onEntry, folder, commit } = {} as Scene;
useScene((scene) => {
  ({ db, ada, eve, tenantId, rootId, inDrive, onEntry, folder, commit } = scene);
});

/** A store that says what was found in it. */
function watched(inner: AnswerStore = localAnswers()): AnswerStore & { readonly found: boolean[] } {
  const found: boolean[] = [];
  return {
    found,
    get: async (key) => {
      const answer = await inner.get(key);
      found.push(answer !== undefined);
      return answer;
    },
    put: (key, answer) => inner.put(key, answer),
  };
}

async function withDoor(store: AnswerStore, use: (person: Person, door: Door) => Promise<void>): Promise<void> {
  const door = await openDoor(db.database, store);
  try {
    await use(door.as(tenantId, ada.userId), door);
  } finally {
    await door.stop();
  }
}

test('a folder that many look at is read once for all of them, and anew after each commit', async () => {
  const store = watched();
  await withDoor(store, async ({ user }) => {
    const list = async () => (await user.call(routes.listChildren, onEntry(rootId))).items.map(({ name }) => name);
    await commit([folder('a')]);
    expect([await list(), await list()]).toEqual([['a'], ['a']]);
    await commit([folder('b')]);
    expect([await list(), await list()]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(store.found).toEqual([false, true, false, true]);
  });
});

test('another page, another folder and another drive are other questions', async () => {
  const store = watched();
  await knowUser(db, tenantId, ada.userId, ada.userId);
  const a = folder('a');
  await commit([a, folder('b'), folder('c', a.entryId)]);
  await withDoor(store, async ({ user }) => {
    const page = await user.call(routes.listChildren, { ...onEntry(rootId), query: { limit: 1 } });
    await user.call(routes.listChildren, { ...onEntry(rootId), query: { limit: 1, cursor: page.nextCursor } });
    await user.call(routes.listChildren, onEntry(rootId));
    await user.call(routes.listChildren, onEntry(a.entryId));
    const plans = await user.call(routes.createDrive, { body: { name: 'Plans' } });
    const other = { params: { drive: plans.drive, entry: plans.rootId } };
    expect((await user.call(routes.listChildren, other)).items).toEqual([]);
    expect(store.found).toEqual([false, false, false, false, false]);
    expect((await user.call(routes.listChildren, other)).items).toEqual([]);
    expect((await user.call(routes.listChildren, onEntry(rootId))).items).toHaveLength(2);
    expect(store.found.slice(5)).toEqual([true, true]);
    // An entry that is not in that drive is asked for by the same id, and is not answered from this one.
    await expect(user.call(routes.listChildren, { params: { drive: plans.drive, entry: rootId } })).rejects.toEqual(problem('not_found'));
  });
});

test('after a commit the devices of a user read one page of the journal, and a listing from nothing is not kept', async () => {
  const store = watched();
  await withDoor(store, async ({ user }) => {
    const { nextCursor: after } = await user.call(routes.listChanges, inDrive());
    await commit([folder('a')]);
    const pages = [1, 2].map(() => user.call(routes.listChanges, { ...inDrive(), query: { after } }));
    const [one, two] = [await pages[0], await pages[1]];
    expect(one?.changes).toHaveLength(1);
    expect(two).toEqual(one);
    await user.call(routes.listChanges, { ...inDrive(), query: { after } });
    expect(store.found.at(-1)).toBe(true);
    expect(store.found).toHaveLength(3);
  });
});

test('what is kept is for nobody who may not read the drive, from the moment on that they may not', async () => {
  for (const { userId } of [ada, eve]) await knowUser(db, tenantId, userId, userId);
  const plans = await ada.user.call(routes.createDrive, { body: { name: 'Plans' } });
  const grant = { params: { drive: plans.drive, subject: eve.userId } };
  await withDoor(watched(), async ({ user }, door) => {
    const list = (by: Person['user']) => by.call(routes.listChildren, { params: { drive: plans.drive, entry: plans.rootId } });
    const guest = door.as(tenantId, eve.userId).user;
    await list(user);
    await expect(list(guest)).rejects.toEqual(problem('not_found'));
    await user.call(routes.putGrant, { ...grant, body: { role: 'viewer' } });
    await list(guest);
    await user.call(routes.removeGrant, grant);
    await expect(list(guest)).rejects.toEqual(problem('not_found'));
  });
});

test('a store that keeps nothing costs nothing but time, and a problem is not kept', async () => {
  const forgetful = watched({ get: () => Promise.resolve(undefined), put: () => {} });
  await withDoor(forgetful, async ({ user }) => {
    await commit([folder('a')]);
    for (const _ of [1, 2]) expect((await user.call(routes.listChildren, onEntry(rootId))).items).toHaveLength(1);
  });
  const store = watched();
  await withDoor(store, async ({ user }) => {
    const nowhere = onEntry(folder('nowhere').entryId);
    for (const _ of [1, 2]) await expect(user.call(routes.listChildren, nowhere)).rejects.toEqual(problem('not_found'));
    expect(store.found).toEqual([false, false]);
  });
});
