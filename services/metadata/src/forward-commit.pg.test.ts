import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
import { forward } from './testing/door.ts';
import { chunk, pick, digest, kinds, problem, useScene, type Scene } from './testing/scene.ts';

let { db, door, ada, eve, tenantId, drive, rootId, driveEpoch, inDrive, folder, file, commit } = {} as Scene;
useScene((scene) => {
  ({ db, door, ada, eve, tenantId, drive, rootId, driveEpoch, inDrive, folder, file, commit } = scene);
});

describe('commits', () => {
  test('are known by id once written, and refused after commitBy', async () => {
    const commitId = randomUUID();
    await commit([folder('a')], { commitId });
    expect(await ada.upload.call(routes.getCommitStatus, { params: { commit: commitId } })).toMatchObject({ known: true });
    const late = randomUUID();
    await expect(commit([folder('b')], { commitId: late, commitBy: '2026-01-01T00:00:00.000Z' })).rejects.toEqual(problem('unavailable'));
    expect(await door.bare(tenantId).call(routes.getCommitStatus, { params: { commit: late } })).toMatchObject({ known: false });
  });

  test('answer a repeated write as before', async () => {
    const a = folder('a');
    const first = await commit([a]);
    expect((await commit([a])).outcomes).toEqual(first.outcomes);
  });

  test('are refused for another epoch, a locked drive, a stale base and a list that is not what it says', async () => {
    await expect(commit([folder('a')], { driveEpoch: randomUUID() })).rejects.toEqual(problem('cursor_expired'));
    const f = file('f', [chunk('f')]);
    expect(kinds(await commit([f, { ...file('g', [chunk('g')]), listId: digest('h') }]))).toEqual(['committed', 'invalid_argument']);
    await commit([{ ...f, writeId: randomUUID(), baseRev: 1, ...pick(file('f', [chunk('two')])) }]);
    expect(kinds(await commit([{ ...f, writeId: randomUUID(), baseRev: 1, ...pick(file('f', [chunk('three')])) }]))).toEqual([
      'revision_conflict',
    ]);
    await db.adminQuery('UPDATE drives SET locked = true WHERE drive_id = $1', [drive]);
    expect(kinds(await commit([folder('b')]))).toEqual(['locked']);
  });

  test('come from upload alone, for who may write', async () => {
    await expect(forward(eve, { drive, driveEpoch, operations: [folder('x')] })).rejects.toEqual(problem('not_found'));
    await db.adminQuery(`INSERT INTO grants (tenant, drive_id, subject, role, granted_by) VALUES ($1, $2, $3, 'viewer', $4)`, [
      tenantId,
      drive,
      eve.userId,
      ada.userId,
    ]);
    expect(kinds(await forward(eve, { drive, driveEpoch, operations: [folder('x')] }))).toEqual(['permission_denied']);
    await expect(eve.upload.call(routes.checkAccess, { ...inDrive(), body: { verb: 'write' } })).rejects.toEqual(
      problem('permission_denied'),
    );
    expect(await eve.upload.call(routes.checkAccess, { ...inDrive(), body: { verb: 'read' } })).toMatchObject({ role: 'viewer', rootId });
    const reader = door.as(tenantId, ada.userId, 'member', 'read');
    await expect(forward(reader, { drive, driveEpoch, operations: [folder('x')] })).rejects.toEqual(problem('permission_denied'));
    await expect(ada.user.call(routes.checkAccess, { ...inDrive(), body: { verb: 'read' } })).rejects.toBeDefined();
  });

  test('leave one event each in the outbox', async () => {
    await commit([folder('a'), folder('b')]);
    const rows = await db.adminQuery<{ type: string; data: { changes: unknown[] } }>(
      `SELECT type, data FROM outbox WHERE key = $1 ORDER BY 1`,
      [drive],
    );
    expect(rows.map(({ type }) => type)).toEqual(['drive.created', 'files.committed']);
    expect(rows[1]!.data).toMatchObject({
      fromSeq: 1,
      toSeq: 2,
      changes: [
        { type: 'file.uploaded', seq: 1 },
        { type: 'file.uploaded', seq: 2 },
      ],
    });
  });
});
