import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
import { problem, useScene, type Scene } from './testing/scene.ts';
import { newTenant } from './testing/world.ts';

let { door, ada, eve, inDrive } = {} as Scene;
useScene((scene) => {
  ({ door, ada, eve, inDrive } = scene);
});

describe('drives', () => {
  test('a home drive is made once, however many ask at once, and belongs to its user alone', async () => {
    const pages = await Promise.all(Array.from({ length: 8 }, () => eve.user.call(routes.listDrives)));
    expect(new Set(pages.map(({ items }) => items[0]!.drive)).size).toBe(1);
    expect(pages[0]!.items).toEqual([expect.objectContaining({ kind: 'home', owner: eve.userId, role: 'owner', seq: 0 })]);
    await expect(eve.user.call(routes.getDrive, inDrive())).rejects.toEqual(problem('not_found'));
  });

  test('creating one is done once for each idempotency key', async () => {
    const idempotencyKey = randomUUID();
    const made = await ada.user.call(routes.createDrive, { body: { name: 'Plans' }, idempotencyKey });
    expect(await ada.user.call(routes.createDrive, { body: { name: 'Plans' }, idempotencyKey })).toEqual(made);
    await expect(ada.user.call(routes.createDrive, { body: { name: 'Other' }, idempotencyKey })).rejects.toEqual(
      problem('idempotency_mismatch'),
    );
    const renamed = await ada.user.call(routes.updateDrive, { params: { drive: made.drive }, body: { name: 'Cafe\u0301' } });
    expect(renamed.name).toBe('Caf\u00e9');
    const first = await ada.user.call(routes.listDrives, { query: { limit: 1 } });
    const second = await ada.user.call(routes.listDrives, { query: { limit: 1, cursor: first.nextCursor } });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['Home', 'Caf\u00e9']);
    expect(second.nextCursor).toBeUndefined();
  });
});

test('an unknown tenant id in the token sees nothing of this one', async () => {
  const stranger = door.as(newTenant(), ada.userId);
  await expect(stranger.user.call(routes.getDrive, inDrive())).rejects.toEqual(problem('not_found'));
  await expect(stranger.user.call(routes.listChanges, inDrive())).rejects.toEqual(problem('not_found'));
});
