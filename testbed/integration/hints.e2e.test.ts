import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connectHints, type Hints, type HintsState } from '@driftbox/api-client';
import { routes, type Head } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';

let door: OpenDoor;
let ada: ApiUser;
const open: Hints[] = [];

beforeAll(async () => {
  door = await openDoor();
  ada = await signUpByApi(door.address, 'ada');
}, 60_000);
afterEach(async () => {
  await Promise.all(open.splice(0).map((hints) => hints.close()));
});
afterAll(() => door.close());

/** A client of the socket that remembers what it was told. */
function follow(user: ApiUser): { hints: Hints; told: Head[]; states: HintsState[]; changes: () => number } {
  const told: Head[] = [];
  const states: HintsState[] = [];
  let changes = 0;
  const hints = connectHints({
    address: door.address,
    token: async () => user.accessToken,
    onHint: (head) => void told.push(head),
    onDrivesChanged: () => void (changes += 1),
    onState: (state) => void states.push(state),
  });
  open.push(hints);
  return { hints, told, states, changes: () => changes };
}

const small = (name: string) => [{ name, bytes: Buffer.from(name) }];

describe('a socket', () => {
  test('is told of a commit of another client of the same user, and of no other user', async () => {
    const eve = follow(await signUpByApi(door.address, 'eve'));
    const { told, hints } = follow(ada);
    await waitFor(() => told.length > 0 && eve.told.length > 0);
    const before = told.at(-1)!;
    await putFiles(ada, small('one'));
    const hint = await waitFor(() => told.find(({ seq }) => seq > before.seq));
    expect(hint).toEqual({ drive: ada.drive.drive, driveEpoch: ada.drive.driveEpoch, seq: before.seq + 1 });
    expect(await hints.heads()).toEqual([hint]);
    expect(eve.told.some(({ drive }) => drive === ada.drive.drive)).toBe(false);
  });

  test('learns of a drive that came, and of commits in it', async () => {
    const { told, changes } = follow(ada);
    await waitFor(() => told.length > 0);
    const { drive } = await ada.client.call(routes.createDrive, { body: { name: 'Plans' } });
    await waitFor(() => changes() > 0);
    await waitFor(() => told.some((head) => head.drive === drive));
  });
});

describe('a role on a drive', () => {
  test('lets a socket that is open follow it, and when it is taken neither socket nor signed URL lead there any more', async () => {
    const bob = await signUpByApi(door.address, 'bob');
    const { client } = ada;
    const shared = await client.call(routes.createDrive, { body: { name: 'Ours' } });
    await putFiles({ ...ada, drive: shared }, small('first'));
    const { told, changes } = follow(bob);
    await waitFor(() => told.length > 0);
    const params = { drive: shared.drive };
    // Metadata hears of new people a moment after they came.
    const give = () => client.call(routes.addGrant, { params, body: { email: bob.email, role: 'viewer' } });
    const { subject } = await waitFor(give, { deadlineMs: 20_000 });
    await waitFor(() => told.some(({ drive }) => drive === shared.drive), { deadlineMs: 10_000 });
    const [file] = (await bob.client.call(routes.listChildren, { params: { ...params, entry: shared.rootId } })).items;
    const { path } = await bob.client.call(routes.createContentUrl, { params: { ...params, entry: file!.entryId }, body: {} });
    expect((await fetch(door.address + path)).status).toBe(200);

    const before = changes();
    await client.call(routes.removeGrant, { params: { ...params, subject } });
    await expect(bob.client.call(routes.getDrive, { params })).rejects.toMatchObject({ code: 'not_found' });
    expect((await fetch(door.address + path)).status).toBe(404);
    await waitFor(() => changes() > before, { deadlineMs: 10_000 });
    const known = told.length;
    await putFiles({ ...ada, drive: shared }, small('second'));
    await putFiles(bob, small('own'));
    await waitFor(() => told.length > known);
    expect(told.slice(known).map(({ drive }) => drive)).not.toContain(shared.drive);
  }, 60_000);
});

describe('a session that ends', () => {
  test('ends its socket within the time of a sign-out', async () => {
    const zoe = await signUpByApi(door.address, 'zoe');
    const { hints, states, told } = follow(zoe);
    await waitFor(() => hints.state === 'socket' && told.length === 1);
    await zoe.client.call(routes.logOut);
    await waitFor(() => states.includes('connecting'), { deadlineMs: 10_000 });
    await waitFor(() => hints.state === 'offline', { deadlineMs: 10_000 });
  });
});

describe('a server that stops', () => {
  testThatNeeds('ownServer')(
    'sends its clients away, and they come back to the next one and have missed nothing',
    async () => {
      const { hints, states, told } = follow(ada);
      await waitFor(() => hints.state === 'socket' && told.length > 0);
      hints.report([{ drive: ada.drive.drive, driveEpoch: ada.drive.driveEpoch, seq: 1 }]);
      await waitFor(async () => (await ada.client.call(routes.listDeviceCursors)).items.length === 1);
      expect(await door.server().process().stop()).toBe(0);
      expect(states).toContain('connecting');
      await door.server().restart();
      await putFiles(ada, small('after the restart'));
      const { seq } = await ada.client.call(routes.getDrive, { params: { drive: ada.drive.drive } });
      await waitFor(() => told.some((head) => head.drive === ada.drive.drive && head.seq === seq), { deadlineMs: 20_000 });
      expect((await ada.client.call(routes.listDeviceCursors)).items).toEqual([
        expect.objectContaining({ drive: ada.drive.drive, seq: 1 }),
      ]);
    },
    90_000,
  );
});
