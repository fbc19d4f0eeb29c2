import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { buildChunkList } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { sha256 } from './operation.ts';
import { chunk, digest, kinds, problem, useScene, type Scene } from './testing/scene.ts';

let { ada, eve, db, tenantId, drive, rootId, driveEpoch, inDrive, onEntry, folder, file, commit } = {} as Scene;
useScene((scene) => {
  ({ ada, eve, db, tenantId, drive, rootId, driveEpoch, inDrive, onEntry, folder, file, commit } = scene);
});

describe('content', () => {
  test('is possessed by the drive that retains it, chunk by chunk, and by no other', async () => {
    const many = Array.from({ length: 70 }, (_, n) => chunk(`long ${n}`, 1000 + n));
    const list = buildChunkList(many, sha256);
    if (list.form !== 'segmented') throw new Error('a long list is segmented');
    const uploadId = randomUUID();
    const segments = [...list.segments, list.root].map((block) => ({
      digest: block.digest,
      bytes: Buffer.from(block.bytes).toString('base64'),
    }));
    const long = file('long', many);
    expect(kinds(await commit([long], { uploadId }))).toEqual(['chunk_missing']);
    await ada.upload.call(routes.storeSegments, { ...inDrive(), body: { uploadId, segments } });
    expect((await ada.upload.call(routes.readSegments, { ...inDrive(), body: { digests: [list.root.digest] } })).segments).toEqual([]);
    expect(
      (await ada.upload.call(routes.readSegments, { ...inDrive(), body: { digests: [list.root.digest], uploadId } })).segments,
    ).toHaveLength(1);
    expect(kinds(await commit([long, file('one', [chunk('one')]), file('two', [chunk('x'), chunk('y')])], { uploadId }))).toEqual([
      'committed',
      'committed',
      'committed',
    ]);
    const digests = [many[3]!.digest, list.root.digest, list.segments[0]!.digest, digest('one'), digest('x'), digest('nobody')];
    const { possessed } = await ada.upload.call(routes.checkPossession, { ...inDrive(), body: { verb: 'read', digests } });
    expect(possessed.toSorted()).toEqual(digests.slice(0, 5).toSorted());
    expect((await ada.upload.call(routes.readSegments, { ...inDrive(), body: { digests: digests.slice(1, 3) } })).segments).toHaveLength(2);
    const { referenced } = await eve.upload.call(routes.findReferenced, { body: { digests } });
    expect(referenced.toSorted()).toEqual([digests[0]!, ...digests.slice(3, 5)].toSorted());
    const { digests: named } = await ada.upload.call(routes.listReferenced, { body: { limit: 10_000 } });
    expect(new Set(named)).toEqual(new Set([...many.map((one) => one.digest), digest('one'), digest('x'), digest('y')]));
    const { digests: page } = await ada.upload.call(routes.listReferenced, { body: { limit: 2, after: named[4]! } });
    expect(page).toEqual(named.slice(5, 7));
    const { revisions } = await ada.upload.call(routes.findAffected, { body: { digests: [many[3]!.digest, digest('nobody')] } });
    expect(revisions).toMatchObject([{ digest: many[3]!.digest, entryId: long.entryId, rev: 1, name: 'long' }]);
    await ada.upload.call(routes.reportDamage, { body: { digests: [many[3]!.digest, digest('one'), digest('nobody')] } });
    const events = await db.adminQuery(`SELECT data FROM outbox WHERE tenant = $1 AND type = 'content.damaged'`, [tenantId]);
    expect(events).toMatchObject([{ data: { drive, files: 2, people: [ada.userId] } }]);
    const hers = (await eve.user.call(routes.listDrives)).items[0]!.drive;
    expect(await eve.upload.call(routes.checkPossession, { params: { drive: hers }, body: { verb: 'read', digests } })).toEqual({
      possessed: [],
    });
    await expect(eve.upload.call(routes.checkPossession, { ...inDrive(), body: { verb: 'read', digests } })).rejects.toEqual(
      problem('not_found'),
    );
    const located = await ada.upload.call(routes.locateContent, onEntry(long.entryId));
    expect(located).toMatchObject({ listId: list.listId, sizeBytes: list.sizeBytes });
    expect(located.chunks).toBeUndefined();
    expect(kinds(await commit([{ ...file('again', many), writeId: randomUUID() }]))).toEqual(['committed']);
    await expect(
      ada.upload.call(routes.storeSegments, {
        ...inDrive(),
        body: { uploadId, segments: [{ digest: digest('?'), bytes: segments[0]!.bytes }] },
      }),
    ).rejects.toEqual(problem('digest_mismatch'));
  });

  test('is written where its path says', async () => {
    const d = folder('d');
    await commit([d]);
    const resolve = (path: string) => ada.upload.call(routes.resolveForWrite, { ...inDrive(), body: { path } });
    expect(await resolve('/d/new')).toEqual({ driveEpoch, parentId: d.entryId, name: 'new' });
    expect(await resolve('/d')).toMatchObject({ parentId: rootId, entry: { entryId: d.entryId, kind: 'folder', rev: 1 } });
    await expect(resolve('/nowhere/x')).rejects.toEqual(problem('not_found'));
    await expect(resolve('/')).rejects.toEqual(problem('invalid_argument'));
  });
});
