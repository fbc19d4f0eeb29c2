import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { buildChunkList, type ChunkRef, type DriveId } from '@driftbox/domain';
import { routes, type CommitAnswer } from '@driftbox/protocol';
import type { TestDatabase } from '@driftbox/testkit';
import { sha256 } from './operation.ts';
import { forward, openDoor, type Door, type Person, type Wire } from './testing/door.ts';
import { newTenant, newUser, openTestDatabase } from './testing/world.ts';

let db: TestDatabase;
let door: Door;
let ada: Person;
let eve: Person;
let tenantId: ReturnType<typeof newTenant>;
let drive: DriveId;
let rootId: string;
let driveEpoch: string;

beforeAll(async () => {
  db = await openTestDatabase();
  door = await openDoor(db.database);
}, 60_000);
afterAll(async () => {
  await door.stop();
  await db.drop();
});
beforeEach(async () => {
  tenantId = newTenant();
  await door.admin.call(routes.putTenantInMetadata, { params: { tenant: tenantId }, body: { tenantId, name: 'Acme', hosts: [] } });
  ada = door.as(tenantId, newUser());
  eve = door.as(tenantId, newUser());
  const { items } = await ada.user.call(routes.listDrives);
  ({ drive, rootId, driveEpoch } = items[0]!);
});

const mtime = '2026-01-02T03:04:05.000Z';
const digest = (text: string) => sha256(Buffer.from(text));
const chunk = (text: string, sizeBytes = 10): ChunkRef => ({ digest: digest(text), sizeBytes });
const folder = (name: string, parentId = rootId) => ({ op: 'createFolder' as const, entryId: randomUUID() as string, writeId: randomUUID(), parentId, name });
function file(name: string, chunks: ChunkRef[], over: Record<string, unknown> = {}) {
  const list = buildChunkList(chunks, sha256);
  return {
    op: 'putFile' as const, entryId: randomUUID() as string, writeId: randomUUID(), parentId: rootId, name, baseRev: null, mtime, sizeBytes: list.sizeBytes, listId: list.listId,
    ...(list.form === 'inline' ? { chunkList: chunks } : {}), ...over,
  };
}
const commit = (operations: Wire[], over = {}): Promise<CommitAnswer> => forward(ada, { drive, driveEpoch, operations, ...over });
const kinds = (answer: CommitAnswer) => answer.outcomes.map(({ outcome }) => outcome);
const problem = (code: string) => expect.objectContaining({ code });
const inDrive = () => ({ params: { drive } });
const onEntry = (entry: string) => ({ params: { drive, entry } });

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
    await expect(ada.user.call(routes.createDrive, { body: { name: 'Other' }, idempotencyKey })).rejects.toEqual(problem('idempotency_mismatch'));
    const renamed = await ada.user.call(routes.updateDrive, { params: { drive: made.drive }, body: { name: 'Cafe\u0301' } });
    expect(renamed.name).toBe('Caf\u00e9');
    const first = await ada.user.call(routes.listDrives, { query: { limit: 1 } });
    const second = await ada.user.call(routes.listDrives, { query: { limit: 1, cursor: first.nextCursor } });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['Home', 'Caf\u00e9']);
    expect(second.nextCursor).toBeUndefined();
  });
});

describe('a tree', () => {
  test('is listed by name, from above, by path, and each way up', async () => {
    const a = folder('a');
    const b = folder('b', a.entryId);
    const f = file('z.txt', [chunk('z')], { parentId: b.entryId });
    expect(kinds(await commit([a, b, f, file('m', [], { listId: buildChunkList([], sha256).listId })]))).toEqual(['committed', 'committed', 'committed', 'committed']);
    const top = await ada.user.call(routes.listChildren, { ...onEntry(rootId), query: { limit: 1 } });
    expect(top.items.map(({ name }) => name)).toEqual(['a']);
    const rest = await ada.user.call(routes.listChildren, { ...onEntry(rootId), query: { limit: 1, cursor: top.nextCursor } });
    expect(rest.items.map(({ name }) => name)).toEqual(['m']);
    const below: string[] = [];
    for (let cursor: string | undefined, turn = 0; turn === 0 || cursor !== undefined; turn += 1) {
      const page = await ada.user.call(routes.listDescendants, { ...onEntry(rootId), query: { limit: 1, cursor } });
      below.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(below.toSorted()).toEqual(['a', 'b', 'm', 'z.txt']);
    expect(below.indexOf('b')).toBeGreaterThan(below.indexOf('a'));
    expect(below.at(-1)).toBe('z.txt');
    expect(await ada.user.call(routes.resolvePath, { ...inDrive(), query: { path: '/a/b/z.txt' } })).toMatchObject({ entryId: f.entryId, kind: 'file', chunks: f.chunkList, mtime });
    expect((await ada.user.call(routes.getEntryPath, onEntry(f.entryId))).path).toBe('/a/b/z.txt');
    await expect(ada.user.call(routes.resolvePath, { ...inDrive(), query: { path: '/a/../a' } })).rejects.toEqual(problem('invalid_argument'));
    await expect(ada.user.call(routes.listChildren, onEntry(f.entryId))).rejects.toEqual(problem('not_found'));
  });

  test('takes Unicode look-alikes for one name, and refuses what is no name', async () => {
    const outcomes = await commit([folder('e\u0301'), folder('\u00e9'), folder('..'), folder('a/b'), folder('x'.repeat(256)), folder('nul\0')]);
    expect(kinds(outcomes)).toEqual(['committed', 'name_taken', 'invalid_argument', 'invalid_argument', 'invalid_argument', 'invalid_argument']);
    expect(await ada.user.call(routes.resolvePath, { ...inDrive(), query: { path: '/e\u0301' } })).toMatchObject({ name: '\u00e9' });
  });

  test('swaps two names in one commit', async () => {
    const [a, b] = [folder('a'), folder('b')];
    await commit([a, b]);
    const move = (entryId: string, name: string, baseRev: number) => ({ op: 'move' as const, entryId, writeId: randomUUID(), parentId: rootId, name, baseRev });
    expect(kinds(await commit([move(a.entryId, 'tmp', 1), move(b.entryId, 'a', 1), move(a.entryId, 'b', 2)]))).toEqual(['committed', 'committed', 'committed']);
    expect(await ada.user.call(routes.resolvePath, { ...inDrive(), query: { path: '/b' } })).toMatchObject({ entryId: a.entryId, rev: 3 });
  });

  test('as it was is read from its revisions', async () => {
    const d = folder('d');
    const f = file('f', [chunk('one')], { parentId: d.entryId });
    await commit([d, f]);
    const second = { ...f, writeId: randomUUID(), baseRev: 1, ...pick(file('f', [chunk('two', 7)])) };
    await commit([second, { op: 'move', entryId: f.entryId, writeId: randomUUID(), parentId: rootId, name: 'g', baseRev: 2 }]);
    await commit([{ op: 'delete', entryId: d.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 4 }]);
    const at = (seq: number, entry: string) => ({ params: { drive, seq, entry } });
    expect(await ada.user.call(routes.getEntryAt, at(2, f.entryId))).toMatchObject({ rev: 1, name: 'f', parentId: d.entryId });
    expect((await ada.user.call(routes.listChildrenAt, at(3, d.entryId))).items).toMatchObject([{ rev: 2, sizeBytes: 7 }]);
    expect((await ada.user.call(routes.listChildrenAt, at(4, rootId))).items.map(({ name }) => name)).toEqual(['d', 'g']);
    expect((await ada.user.call(routes.listChildrenAt, at(5, rootId))).items.map(({ name }) => name)).toEqual(['g']);
    for (const asked of [at(1, f.entryId), at(5, d.entryId), at(99, f.entryId)]) await expect(ada.user.call(routes.getEntryAt, asked)).rejects.toEqual(problem('not_found'));
    const revisions = await ada.user.call(routes.listRevisions, { ...onEntry(f.entryId), query: { limit: 2 } });
    expect(revisions.items.map(({ rev }) => rev)).toEqual([3, 2]);
    expect(await ada.upload.call(routes.locateContent, { ...onEntry(f.entryId), query: { rev: 1 } })).toMatchObject({ rev: 1, chunks: [chunk('one')] });
  });

  test('goes to the trash and comes back', async () => {
    const d = folder('d');
    const f = file('f', [chunk('f')], { parentId: d.entryId });
    await commit([d, f]);
    expect(kinds(await commit([{ op: 'delete', entryId: d.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 1 }]))).toEqual(['revision_conflict']);
    expect(kinds(await commit([{ op: 'delete', entryId: d.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 2 }]))).toEqual(['committed']);
    expect((await ada.user.call(routes.listTrash, inDrive())).items).toMatchObject([{ entryId: d.entryId, trashedAt: expect.any(String) }]);
    expect((await ada.user.call(routes.getUsage)).user).toMatchObject({ current: 0, trash: 10 });
    expect(kinds(await commit([{ op: 'untrash', entryId: d.entryId, writeId: randomUUID() }]))).toEqual(['committed']);
    expect((await ada.user.call(routes.listDescendants, onEntry(d.entryId))).items).toHaveLength(1);
  });
});

const pick = ({ listId, chunkList, sizeBytes }: ReturnType<typeof file>) => ({ listId, chunkList, sizeBytes });

describe('the feed', () => {
  const feed = (after?: string, limit = 1000) => ada.user.call(routes.listChanges, { ...inDrive(), query: { after, limit } });

  test('tells everything live from nothing, then what changed, superseding older states', async () => {
    const d = folder('d');
    const f = file('f', [chunk('f')], { parentId: d.entryId });
    const gone = folder('gone');
    await commit([d, f, gone]);
    await commit([{ op: 'delete', entryId: gone.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 3 }]);
    const first = await feed(undefined, 1);
    expect(first).toMatchObject({ changes: [{ change: 'put', seq: 1 }], head: 4, more: true });
    const second = await feed(first.nextCursor);
    expect(second).toMatchObject({ changes: [{ change: 'put', seq: 2, entry: { entryId: f.entryId } }], more: false });
    expect(await feed(second.nextCursor)).toMatchObject({ changes: [], more: false, nextCursor: second.nextCursor });
    await commit([{ ...f, writeId: randomUUID(), baseRev: 1 }, { op: 'delete', entryId: d.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 9 }]);
    const third = await feed(second.nextCursor);
    expect(third.changes).toEqual([{ change: 'deleted', seq: 5, entryId: f.entryId }, { change: 'deleted', seq: 6, entryId: d.entryId }]);
    await commit([{ op: 'purge', entryId: d.entryId, writeId: randomUUID() }]);
    const pages = [await feed(third.nextCursor, 1)];
    pages.push(await feed(pages[0]!.nextCursor, 1));
    expect(pages.flatMap(({ changes }) => changes).map((change) => change.change === 'deleted' && change.entryId).toSorted()).toEqual([d.entryId, f.entryId].toSorted());
    expect(pages[1]!.more).toBe(false);
    expect((await feed()).changes).toEqual([]);
  });

  test('refuses cursors of another epoch, ahead of head, before the horizon, and forged ones', async () => {
    await commit([folder('a'), folder('b')]);
    const cursor = (keys: unknown[]) => Buffer.from(JSON.stringify(keys)).toString('base64url');
    await expect(feed(cursor([randomUUID(), 1, '', 0]))).rejects.toEqual(problem('cursor_expired'));
    await expect(feed(cursor([driveEpoch, 3, '', 0]))).rejects.toEqual(problem('cursor_expired'));
    await expect(feed('nonsense')).rejects.toEqual(problem('invalid_argument'));
    await db.adminQuery('UPDATE drives SET horizon_seq = 2 WHERE drive_id = $1', [drive]);
    await expect(feed(cursor([driveEpoch, 1, '', 0]))).rejects.toEqual(problem('cursor_expired'));
    expect((await feed(cursor([driveEpoch, 2, '', 0]))).changes).toEqual([]);
  });

  test('never skips a change while others commit', async () => {
    const writers = Promise.all(Array.from({ length: 30 }, (_, n) => commit([folder(`w${n}`)])));
    const seen: number[] = [];
    let cursor: string | undefined;
    while (seen.length < 30) {
      const page = await feed(cursor, 7);
      seen.push(...page.changes.map(({ seq }) => seq));
      cursor = page.nextCursor;
    }
    await writers;
    expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });
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
    expect(kinds(await commit([{ ...f, writeId: randomUUID(), baseRev: 1, ...pick(file('f', [chunk('three')])) }]))).toEqual(['revision_conflict']);
    await db.adminQuery('UPDATE drives SET locked = true WHERE drive_id = $1', [drive]);
    expect(kinds(await commit([folder('b')]))).toEqual(['locked']);
  });

  test('come from upload alone, for who may write', async () => {
    await expect(forward(eve, { drive, driveEpoch, operations: [folder('x')] })).rejects.toEqual(problem('not_found'));
    await db.adminQuery(`INSERT INTO grants (tenant, drive_id, subject, role, granted_by) VALUES ($1, $2, $3, 'viewer', $4)`, [tenantId, drive, eve.userId, ada.userId]);
    expect(kinds(await forward(eve, { drive, driveEpoch, operations: [folder('x')] }))).toEqual(['permission_denied']);
    await expect(eve.upload.call(routes.checkAccess, { ...inDrive(), body: { verb: 'write' } })).rejects.toEqual(problem('permission_denied'));
    expect(await eve.upload.call(routes.checkAccess, { ...inDrive(), body: { verb: 'read' } })).toMatchObject({ role: 'viewer', rootId });
    const reader = door.as(tenantId, ada.userId, 'member', 'read');
    await expect(forward(reader, { drive, driveEpoch, operations: [folder('x')] })).rejects.toEqual(problem('permission_denied'));
    await expect(ada.user.call(routes.checkAccess, { ...inDrive(), body: { verb: 'read' } })).rejects.toBeDefined();
  });

  test('leave one event each in the outbox', async () => {
    await commit([folder('a'), folder('b')]);
    const rows = await db.adminQuery<{ type: string; data: { changes: unknown[] } }>(`SELECT type, data FROM outbox WHERE key = $1 ORDER BY 1`, [drive]);
    expect(rows.map(({ type }) => type)).toEqual(['drive.created', 'files.committed']);
    expect(rows[1]!.data).toMatchObject({ fromSeq: 1, toSeq: 2, changes: [{ type: 'file.uploaded', seq: 1 }, { type: 'file.uploaded', seq: 2 }] });
  });
});

describe('content', () => {
  test('is possessed by the drive that retains it, chunk by chunk, and by no other', async () => {
    const many = Array.from({ length: 70 }, (_, n) => chunk(`long ${n}`, 1000 + n));
    const list = buildChunkList(many, sha256);
    if (list.form !== 'segmented') throw new Error('a long list is segmented');
    const uploadId = randomUUID();
    const segments = [...list.segments, list.root].map((block) => ({ digest: block.digest, bytes: Buffer.from(block.bytes).toString('base64') }));
    const long = file('long', many);
    expect(kinds(await commit([long], { uploadId }))).toEqual(['chunk_missing']);
    await ada.upload.call(routes.storeSegments, { ...inDrive(), body: { uploadId, segments } });
    expect((await ada.upload.call(routes.readSegments, { ...inDrive(), body: { digests: [list.root.digest] } })).segments).toEqual([]);
    expect((await ada.upload.call(routes.readSegments, { ...inDrive(), body: { digests: [list.root.digest], uploadId } })).segments).toHaveLength(1);
    expect(kinds(await commit([long, file('one', [chunk('one')]), file('two', [chunk('x'), chunk('y')])], { uploadId }))).toEqual(['committed', 'committed', 'committed']);
    const digests = [many[3]!.digest, list.root.digest, list.segments[0]!.digest, digest('one'), digest('x'), digest('nobody')];
    const { possessed } = await ada.upload.call(routes.checkPossession, { ...inDrive(), body: { verb: 'read', digests } });
    expect(possessed.toSorted()).toEqual(digests.slice(0, 5).toSorted());
    expect((await ada.upload.call(routes.readSegments, { ...inDrive(), body: { digests: digests.slice(1, 3) } })).segments).toHaveLength(2);
    const hers = (await eve.user.call(routes.listDrives)).items[0]!.drive;
    expect(await eve.upload.call(routes.checkPossession, { params: { drive: hers }, body: { verb: 'read', digests } })).toEqual({ possessed: [] });
    await expect(eve.upload.call(routes.checkPossession, { ...inDrive(), body: { verb: 'read', digests } })).rejects.toEqual(problem('not_found'));
    const located = await ada.upload.call(routes.locateContent, onEntry(long.entryId));
    expect(located).toMatchObject({ listId: list.listId, sizeBytes: list.sizeBytes });
    expect(located.chunks).toBeUndefined();
    expect(kinds(await commit([{ ...file('again', many), writeId: randomUUID() }]))).toEqual(['committed']);
    await expect(ada.upload.call(routes.storeSegments, { ...inDrive(), body: { uploadId, segments: [{ digest: digest('?'), bytes: segments[0]!.bytes }] } })).rejects.toEqual(problem('digest_mismatch'));
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

test('search finds names wherever the caller may read, without accents or case, and nothing in the trash', async () => {
  const d = folder('Été');
  const f = file('rete.txt', [chunk('r')], { parentId: d.entryId });
  const lost = folder('lost');
  const below = file('etE2', [chunk('s')], { parentId: lost.entryId });
  await commit([d, f, lost, below]);
  await commit([{ op: 'delete', entryId: lost.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 4 }]);
  const first = await ada.user.call(routes.searchEntries, { query: { q: 'ETE', limit: 1 } });
  expect(first.items).toMatchObject([{ name: 'Été', path: '/Été' }]);
  const second = await ada.user.call(routes.searchEntries, { query: { q: 'ETE', cursor: first.nextCursor } });
  expect(second.items).toMatchObject([{ name: 'rete.txt', path: '/Été/rete.txt' }]);
  expect((await ada.user.call(routes.searchEntries, { query: { type: 'file', minSize: 10 } })).items).toHaveLength(1);
  expect((await ada.user.call(routes.searchEntries, { query: { q: '%' } })).items).toEqual([]);
  expect((await eve.user.call(routes.searchEntries, { query: { q: 'ETE' } })).items).toEqual([]);
});

test('an unknown tenant id in the token sees nothing of this one', async () => {
  const stranger = door.as(newTenant(), ada.userId);
  await expect(stranger.user.call(routes.getDrive, inDrive())).rejects.toEqual(problem('not_found'));
  await expect(stranger.user.call(routes.listChanges, inDrive())).rejects.toEqual(problem('not_found'));
});
