import { randomBytes } from 'node:crypto';
import { routes, type Entry } from '@driftbox/protocol';
import { newId, waitFor } from '@driftbox/testkit';
import { parseEntryId, parseWriteId } from '@driftbox/domain';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';
import { rawRequest, type RawAnswer } from '../src/raw-request.ts';
import { assertRefused } from '../src/refusal.ts';

let door: OpenDoor;
let user: ApiUser;
beforeAll(async () => {
  door = await openDoor();
  user = await signUpByApi(door.address, 'ada');
});
afterAll(() => door?.close());

const put = (name: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  rawRequest(door.address, {
    method: 'PUT',
    path: `/v1/drives/${user.drive.drive}/files/${name}`,
    token: user.accessToken,
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body,
  });
const entryOf = (answer: RawAnswer): Entry => JSON.parse(answer.body.toString()) as Entry;
const read = (entryId: string, query = ''): Promise<RawAnswer> =>
  rawRequest(door.address, { path: `/v1/drives/${user.drive.drive}/entries/${entryId}/content${query}`, token: user.accessToken });

test('a restored old revision is byte-identical', async () => {
  const first = randomBytes(9_000_000);
  const { entryId, rev } = entryOf(await put('report.bin', first));
  const second = entryOf(await put('report.bin', randomBytes(10_000)));
  expect(second.entryId).toBe(entryId);
  expect((await read(entryId, `?rev=${rev}`)).body.equals(first)).toBe(true);
  const operation = { op: 'restoreRevision' as const, writeId: newId(parseWriteId), entryId, rev };
  const body = { driveEpoch: user.drive.driveEpoch, operations: [operation] };
  const { outcomes } = await user.client.call(routes.postCommit, { params: { drive: user.drive.drive }, body });
  expect(outcomes).toMatchObject([{ outcome: 'committed', rev: second.rev + 1 }]);
  expect((await read(entryId)).body.equals(first)).toBe(true);
});

describe('a signed URL', () => {
  const bytes = randomBytes(300_000);
  const signedUrl = async (entryId: Entry['entryId'], ttlSeconds: number): Promise<string> =>
    (await user.client.call(routes.createContentUrl, { params: { drive: user.drive.drive, entry: entryId }, body: { ttlSeconds } })).path;

  test('needs no other authorisation, and honours Range', async () => {
    const { entryId } = entryOf(await put('signed.bin', bytes));
    const path = await signedUrl(entryId, 60);
    const whole = await rawRequest(door.address, { path });
    expect(whole.status).toBe(200);
    expect(whole.body.equals(bytes)).toBe(true);
    expect(whole.headers['x-content-type-options']).toBe('nosniff');
    const middle = await rawRequest(door.address, { path, headers: { range: 'bytes=1000-1999' } });
    expect([middle.status, middle.headers['content-range']]).toEqual([206, `bytes 1000-1999/${bytes.length}`]);
    expect(middle.body.equals(bytes.subarray(1000, 2000))).toBe(true);
    const tail = await rawRequest(door.address, { path, headers: { range: 'bytes=-5' } });
    expect(tail.body.equals(bytes.subarray(-5))).toBe(true);
    const beyond = await rawRequest(door.address, { path, headers: { range: `bytes=${bytes.length}-` } });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${bytes.length}`]);
  });

  test('stops at its end', async () => {
    const { entryId } = entryOf(await put('brief.bin', bytes));
    const path = await signedUrl(entryId, 1);
    const refused = async (): Promise<RawAnswer | undefined> => {
      const answer = await rawRequest(door.address, { path });
      return answer.status === 200 ? undefined : answer;
    };
    expect((await waitFor(refused, { what: 'the end of the URL' })).code).toBe('not_found');
  });

  test('with one character changed is not found', async () => {
    const { entryId } = entryOf(await put('forged.bin', bytes));
    const path = await signedUrl(entryId, 60);
    for (const at of [15, Math.floor(path.length / 2), path.length - 5]) {
      const forged = path.slice(0, at) + (path[at] === 'A' ? 'B' : 'A') + path.slice(at + 1);
      expect((await rawRequest(door.address, { path: forged })).code).toBe('not_found');
    }
  });
});

test('a role on one file opens its bytes and nothing beside it, until it is taken', async () => {
  const eve = await signUpByApi(door.address, 'eve');
  const bytes = randomBytes(300_000);
  const { entryId } = entryOf(await put('one.bin', bytes));
  const beside = entryOf(await put('beside.bin', bytes)).entryId;
  const { drive } = user.drive;
  const { userId: subject } = await eve.client.call(routes.getMe);
  const contentOf = (entry: string): Promise<RawAnswer> =>
    rawRequest(door.address, { path: `/v1/drives/${drive}/entries/${entry}/content`, token: eve.accessToken });
  expect((await contentOf(entryId)).code).toBe('not_found');
  await user.client.call(routes.putEntryGrant, { params: { drive, entry: entryId, subject }, body: { role: 'viewer' } });
  expect((await contentOf(entryId)).body.equals(bytes)).toBe(true);
  expect((await contentOf(beside)).code).toBe('not_found');
  const { path } = await eve.client.call(routes.createContentUrl, { params: { drive, entry: entryId }, body: { ttlSeconds: 600 } });
  expect((await rawRequest(door.address, { path })).body.equals(bytes)).toBe(true);
  await user.client.call(routes.removeEntryGrant, { params: { drive, entry: entryId, subject } });
  expect([(await contentOf(entryId)).code, (await rawRequest(door.address, { path })).code]).toEqual(['not_found', 'not_found']);
});

test('an editor of one folder writes files in it whole, and finds none of the drive’s chunks', async () => {
  const max = await signUpByApi(door.address, 'max');
  const { drive, driveEpoch } = user.drive;
  const bytes = randomBytes(5_000_000);
  const parentId = newId(parseEntryId);
  const folder = {
    op: 'createFolder' as const,
    entryId: parentId,
    writeId: newId(parseWriteId),
    parentId: user.drive.rootId,
    name: 'crew',
  };
  await user.client.call(routes.postCommit, { params: { drive }, body: { driveEpoch, operations: [folder] } });
  const { entryId } = entryOf(await put('crew/plan.bin', bytes));
  const { userId: subject } = await max.client.call(routes.getMe);
  await user.client.call(routes.putEntryGrant, { params: { drive, entry: parentId, subject }, body: { role: 'editor' } });
  const send = (path: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    rawRequest(door.address, {
      method: 'PUT',
      path: `/v1/drives/${drive}/entries/${path}`,
      token: max.accessToken,
      headers: { 'content-type': 'application/octet-stream', ...headers },
      body,
    });
  const changed = Buffer.concat([Buffer.from('x'), bytes]);
  const first = await send(`${entryId}/content`, changed);
  expect([first.status, entryOf(first).rev, entryOf(first).modifiedBy]).toEqual([200, 2, subject]);
  expect((await read(entryId)).body.equals(changed)).toBe(true);
  expect((await send(`${entryId}/content`, bytes, { 'if-match': '"old"' })).code).toBe('revision_conflict');
  const made = await send(`${parentId}/files/new.txt`, Buffer.from('new'), { 'if-none-match': '*' });
  expect([made.status, entryOf(made).parentId]).toEqual([201, parentId]);
  expect((await send(`${parentId}/files/new.txt`, Buffer.from('again'))).status).toBe(200);
  const outside = entryOf(await put('outside.txt', Buffer.from('out')));
  expect((await send(`${outside.entryId}/content`, bytes)).code).toBe('not_found');
  expect((await send(`${user.drive.rootId}/files/x`, bytes)).code).toBe('not_found');
  if (outside.kind !== 'file') throw new Error('a file was written');
  const { listId, sizeBytes, mtime } = outside;
  const steal = {
    op: 'putFile' as const,
    entryId: newId(parseEntryId),
    writeId: newId(parseWriteId),
    parentId,
    name: 'stolen',
    baseRev: null,
  };
  const body = { driveEpoch, operations: [{ ...steal, listId, sizeBytes, mtime }] };
  await expect(max.client.call(routes.postCommit, { params: { drive }, body })).rejects.toMatchObject({ code: 'not_found' });
});

describe('a file written in one request', () => {
  test('is made only where nothing is, by If-None-Match', async () => {
    expect((await put('once.txt', Buffer.from('a'), { 'if-none-match': '*' })).status).toBe(201);
    await assertRefused(user, 'name_taken', () => put('once.txt', Buffer.from('b'), { 'if-none-match': '*' }));
  });

  test('replaces only what its writer has seen, by If-Match', async () => {
    const first = await put('seen.txt', Buffer.from('a'));
    const second = await put('seen.txt', Buffer.from('b'), { 'if-match': first.headers['etag']! });
    expect([first.status, second.status]).toEqual([201, 200]);
    await assertRefused(user, 'revision_conflict', () => put('seen.txt', Buffer.from('c'), { 'if-match': first.headers['etag']! }));
    await assertRefused(user, 'revision_conflict', () => put('unseen.txt', Buffer.from('c'), { 'if-match': '"x"' }));
    const third = await put('seen.txt', Buffer.from('c'), { 'if-match': second.headers['etag']! });
    expect((await read(entryOf(third).entryId)).body.toString()).toBe('c');
  });
});
