import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { parseDriveId, parseTenantId, parseUserId } from '@driftbox/domain';
import { newId, waitFor } from '@driftbox/testkit';
import fc from 'fast-check';
import { HeadMap } from './head-map.ts';
import { hearEvent } from './hear-events.ts';
import { Members } from './members.ts';
import { Teller } from './teller.ts';

async function scene() {
  const tenant = newId(parseTenantId);
  const home = { drive: newId(parseDriveId), driveEpoch: randomUUID(), seq: 0 };
  const heads = new HeadMap();
  const notices: [string, number][] = [];
  let questions = 0;
  const members = new Members({ heads, listDrives: async () => ((questions += 1), [home]) });
  const teller = new Teller({ heads, members });
  const users = [newId(parseUserId), newId(parseUserId)] as const;
  for (const user of users)
    members.join(await members.load(tenant, user, 't'), {
      offer: () => {},
      drivesChanged: () => {},
      noticed: ({ unread }) => void notices.push([user, unread]),
      token: () => 't',
    });
  const hear = (type: string, data: object, of: string = tenant) => hearEvent(teller, members, { type, tenant: of, data });
  const close = (): void => {
    teller.close();
    members.close();
  };
  return { tenant, home, heads, users, notices, hear, close, asked: () => questions - users.length };
}

test('a commit moves its drive forward, once, and no drive of another tenant', async () => {
  const { tenant, home, heads, hear, close } = await scene();
  const commit = { drive: home.drive, driveEpoch: home.driveEpoch, fromSeq: 3, toSeq: 4, changes: [] };
  expect(hear('files.committed', commit, newId(parseTenantId))).toBe(false);
  expect([hear('files.committed', commit), hear('files.committed', commit)]).toEqual([true, false]);
  expect(hear('files.committed', { ...commit, toSeq: 2 })).toBe(false);
  expect(heads.get(tenant, home.drive)?.seq).toBe(4);
  close();
});

test('a drive or grant that came or went makes its users be looked at again, and nobody else', async () => {
  const { home, users, hear, close, asked } = await scene();
  hear('drive.created', { drive: newId(parseDriveId), owner: users[0] });
  await waitFor(() => asked() === 1);
  hear('grant.changed', { drive: newId(parseDriveId), subject: users[1] });
  await waitFor(() => asked() === 2);
  hear('grant.changed', { drive: home.drive });
  await waitFor(() => asked() === 4);
  hear('grant.changed', { drive: newId(parseDriveId), subject: newId(parseUserId), people: [users[0]] });
  await waitFor(() => asked() === 5);
  hear('group.changed', { group: randomUUID(), people: [users[1]] });
  await waitFor(() => asked() === 6);
  hear('grant.changed', { drive: newId(parseDriveId), subject: newId(parseUserId) });
  hear('user.created', { drive: home.drive });
  expect(asked()).toBe(6);
  close();
});

test('what is unread is told the sockets of that person of that tenant, and nobody else', async () => {
  const { users, notices, hear, close } = await scene();
  hear('inbox.changed', { userId: users[1], unread: 4 });
  hear('inbox.changed', { userId: users[1], unread: 3 }, newId(parseTenantId));
  hear('inbox.changed', { userId: newId(parseUserId), unread: 2 });
  hear('inbox.changed', { userId: users[0], unread: -1 });
  expect(notices).toEqual([[users[1], 4]]);
  close();
});

test('whatever an event holds, nothing throws', async () => {
  const { home, hear, close } = await scene();
  const odd = fc.oneof(fc.anything(), fc.constant(home.drive), fc.constant(home.driveEpoch));
  fc.assert(
    fc.property(
      fc.constantFrom('files.committed', 'drive.created', 'grant.changed', 'group.changed', 'inbox.changed', 'x'),
      fc.dictionary(fc.string(), odd),
      odd,
      odd,
      (type, rest, a, b) => {
        expect(hear(type, { ...rest, drive: a, driveEpoch: b, toSeq: a, owner: b, people: [a, b], userId: a, unread: b })).toBe(false);
      },
    ),
  );
  close();
});
