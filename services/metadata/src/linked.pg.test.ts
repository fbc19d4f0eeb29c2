import { randomUUID } from 'node:crypto';
import type { Client } from '@driftbox/api-client';
import { parseEntryId, type UserId } from '@driftbox/domain';
import { routes, type LinkClaims } from '@driftbox/protocol';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { copyUser } from './copy-users.ts';
import { chunk, kinds, problem, useScene, type Scene } from './testing/scene.ts';
import type { Wire } from './testing/door.ts';

let scene = {} as Scene;
useScene((opened) => {
  scene = opened;
});

/** Ids in a drive: `album/inner/deep`, `album/photo` and, beside the album, `other`. */
let at: Record<'album' | 'inner' | 'deep' | 'photo' | 'other', string>;
beforeEach(async () => {
  const { folder, file, commit } = scene;
  const [album, other] = [folder('album'), file('other', [chunk('other')])];
  const inner = folder('inner', album.entryId);
  const photo = file('photo', [chunk('photo', 20)], { parentId: album.entryId });
  const deep = file('deep', [chunk('deep')], { parentId: inner.entryId });
  await commit([album, inner, photo, deep, other]);
  at = { album: album.entryId, inner: inner.entryId, photo: photo.entryId, deep: deep.entryId, other: other.entryId };
});

const linkTo = (entry: string, role: LinkClaims['role'] = 'viewer'): LinkClaims => ({
  linkId: randomUUID(),
  drive: scene.drive,
  entry: parseEntryId(entry)!,
  role,
});
const holder = (link: LinkClaims | undefined, caller?: 'share' | 'upload', creator: UserId = scene.ada.userId): Client =>
  scene.door.holder(scene.tenantId, creator, link, caller);
const describeEntry = (client: Client, entry: string) => client.call(routes.describeLinked, scene.onEntry(entry));
const call = { limit: 100 };
const commitBy = (client: Client, operations: readonly Wire[]) =>
  client.call(routes.forwardCommit, {
    ...scene.inDrive(),
    body: {
      commitId: randomUUID(),
      commitBy: new Date(Date.now() + 60_000).toISOString(),
      driveEpoch: scene.driveEpoch,
      operations,
      atomic: false,
    } as never,
  });
const grantEve = (role: string) =>
  scene.db.adminQuery('INSERT INTO grants (tenant, drive_id, subject, role, granted_by) VALUES ($1, $2, $3, $4, $3)', [
    scene.tenantId,
    scene.drive,
    scene.eve.userId,
    role,
  ]);

describe('who wants to make a link', () => {
  test('is shown what it would lead to if they may write there', async () => {
    const asked = holder(undefined);
    expect(await describeEntry(asked, at.photo)).toMatchObject({ entry: { kind: 'file', name: 'photo', sizeBytes: 20 }, role: 'owner' });
    expect(await describeEntry(asked, scene.rootId)).toMatchObject({ entry: { kind: 'folder' } });
    await expect(describeEntry(asked, randomUUID())).rejects.toEqual(problem('not_found'));
    const eve = holder(undefined, 'share', scene.eve.userId);
    await expect(describeEntry(eve, at.photo)).rejects.toEqual(problem('not_found'));
    await grantEve('viewer');
    await expect(describeEntry(eve, at.photo)).rejects.toEqual(problem('permission_denied'));
  });

  test('asks through share: nobody else is answered', async () => {
    for (const client of [holder(undefined, 'upload'), holder(linkTo(at.album), 'upload')])
      await expect(describeEntry(client, at.photo)).rejects.toEqual(problem('not_found'));
  });
});

describe('the holder of a link', () => {
  test('reaches its entry and what is below, and nothing else', async () => {
    const link = linkTo(at.album);
    const [share, upload] = [holder(link), holder(link, 'upload')];
    for (const inside of [at.album, at.inner, at.photo, at.deep]) await describeEntry(share, inside);
    expect((await upload.call(routes.locateContent, scene.onEntry(at.deep))).name).toBe('deep');
    for (const outside of [at.other, scene.rootId, randomUUID()]) {
      await expect(describeEntry(share, outside)).rejects.toEqual(problem('not_found'));
      await expect(upload.call(routes.locateContent, scene.onEntry(outside))).rejects.toEqual(problem('not_found'));
      const listed = share.call(routes.listLinkedDescendants, { ...scene.onEntry(outside), query: call });
      await expect(listed).rejects.toEqual(problem('not_found'));
    }
    const names = async (route: typeof routes.listLinkedChildren | typeof routes.listLinkedDescendants) =>
      (await share.call(route as typeof routes.listLinkedChildren, { ...scene.onEntry(at.album), query: call })).items.map(
        ({ name }) => name,
      );
    expect(await names(routes.listLinkedChildren)).toEqual(['inner', 'photo']);
    expect((await names(routes.listLinkedDescendants)).sort()).toEqual(['deep', 'inner', 'photo']);
    const elsewhere = { ...link, drive: randomUUID() as LinkClaims['drive'] };
    await expect(describeEntry(holder(elsewhere), at.photo)).rejects.toEqual(problem('not_found'));
  });

  test('of a whole drive reaches all of it', async () => {
    const share = holder(linkTo(scene.rootId));
    for (const entry of [scene.rootId, at.deep, at.other]) await describeEntry(share, entry);
  });

  test('loses what moves out of its folder, and what goes to the trash, itself or with a folder above', async () => {
    const share = holder(linkTo(at.album));
    const op = (rest: Wire) => ({ writeId: randomUUID(), ...rest });
    const moved = await scene.commit([op({ op: 'move', entryId: at.photo, parentId: scene.rootId, name: 'out', baseRev: 1 })]);
    expect(kinds(moved)).toEqual(['committed']);
    await expect(describeEntry(share, at.photo)).rejects.toEqual(problem('not_found'));
    await scene.commit([op({ op: 'delete', entryId: at.inner, baseRev: 1, seenSeq: moved.seq })]);
    await expect(describeEntry(share, at.deep)).rejects.toEqual(problem('not_found'));
    await scene.commit([op({ op: 'untrash', entryId: at.inner })]);
    await describeEntry(share, at.deep);
  });

  test('is told where its own entry has moved to, as long as its maker may read that', async () => {
    const { ada, eve, tenantId, commit, door } = scene;
    const plans = await ada.user.call(routes.createDrive, { body: { name: 'Plans' } });
    const link = linkTo(at.album);
    const away = { op: 'move' as const, entryId: at.album, writeId: randomUUID(), parentId: plans.rootId, name: 'album', baseRev: 1 };
    expect(kinds(await commit([{ ...away, toDrive: plans.drive }]))).toEqual(['committed']);
    const moved = { code: 'moved', details: { drive: plans.drive } };
    await expect(describeEntry(holder(link), at.album)).rejects.toMatchObject(moved);
    // Of anything below it nothing is told: whoever holds the link comes by its own entry.
    await expect(describeEntry(holder(link), at.photo)).rejects.toEqual(problem('not_found'));
    await expect(describeEntry(holder(link, 'share', eve.userId), at.album)).rejects.toEqual(problem('not_found'));
    const there = (entry: string) =>
      door
        .holder(tenantId, ada.userId, { ...link, drive: plans.drive })
        .call(routes.describeLinked, { params: { drive: plans.drive, entry } });
    expect(await there(at.photo)).toMatchObject({ entry: { name: 'photo' } });
  });

  test('finds nothing once its maker may not make it any more', async () => {
    const link = linkTo(at.album);
    const { eve, tenantId, db } = scene;
    const share = holder(link, 'share', eve.userId);
    const recheck = () => holder(link, 'upload', eve.userId).call(routes.checkAccess, { ...scene.inDrive(), body: { verb: 'read' } });
    const lost = async () => {
      await expect(describeEntry(share, at.photo)).rejects.toEqual(problem('not_found'));
      await expect(recheck()).rejects.toEqual(problem('not_found'));
    };
    await lost();
    await grantEve('editor');
    await describeEntry(share, at.photo);
    await recheck();
    await db.adminQuery(`UPDATE grants SET role = 'viewer' WHERE tenant = $1 AND subject = $2`, [tenantId, eve.userId]);
    await lost();
    await db.adminQuery(`UPDATE grants SET role = 'manager' WHERE tenant = $1 AND subject = $2`, [tenantId, eve.userId]);
    const heard = (type: string, minute: number) => {
      const time = `2026-01-01T00:0${minute}:00.000Z`;
      return copyUser(db.database, { type, time, tenant: tenantId, data: { userId: eve.userId, displayName: 'Eve' } });
    };
    await heard('user.created', 1);
    expect((await describeEntry(share, at.photo)).sharedBy).toBe('Eve');
    await heard('user.suspended', 2);
    await lost();
    await heard('user.restored', 3);
    const intent = { tenantId, name: 'Acme', hosts: [], linkPolicy: { allowed: false } };
    await scene.door.admin.call(routes.putTenantInMetadata, { params: { tenant: tenantId }, body: intent });
    await lost();
  });

  test('of a file request adds files that were not there to its folder, and does nothing else', async () => {
    const upload = holder(linkTo(at.album, 'uploader'), 'upload');
    const sent = scene.file('sent', [chunk('sent')], { parentId: at.album });
    expect(kinds(await commitBy(upload, [sent]))).toEqual(['committed']);
    const op = (rest: Wire) => ({ writeId: randomUUID(), ...rest });
    const refused: Wire[] = [
      scene.file('beside', [chunk('x')]),
      scene.file('below', [chunk('x')], { parentId: at.inner }),
      scene.file('over', [chunk('x')], { entryId: sent.entryId, parentId: undefined, name: undefined, baseRev: 1 }),
      scene.folder('folder', at.album),
      op({ op: 'delete', entryId: at.photo, baseRev: 1, seenSeq: 100 }),
      op({ op: 'move', entryId: at.other, parentId: at.album, name: 'in', baseRev: 1 }),
      op({ op: 'purge', entryId: at.photo }),
    ];
    for (const operation of refused) await expect(commitBy(upload, [operation])).rejects.toEqual(problem('permission_denied'));
    await expect(commitBy(upload, [scene.file('fine', [chunk('x')], { parentId: at.album }), refused[0]!])).rejects.toEqual(
      problem('permission_denied'),
    );
    await expect(commitBy(holder(linkTo(at.album), 'upload'), [sent])).rejects.toEqual(problem('permission_denied'));
    await expect(upload.call(routes.locateContent, scene.onEntry(at.photo))).rejects.toEqual(problem('not_found'));
    const listed = holder(linkTo(at.album, 'uploader')).call(routes.listLinkedChildren, {
      ...scene.onEntry(at.album),
      query: call,
    });
    await expect(listed).rejects.toEqual(problem('not_found'));
  });
});
