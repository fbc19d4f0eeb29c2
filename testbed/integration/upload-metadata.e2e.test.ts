import { randomBytes, randomUUID } from 'node:crypto';
import { chunkBytes, digestOf } from '@driftbox/chunking';
import { buildChunkList } from '@driftbox/domain';
import { encodeFrame, routes, type CommitAnswer, type Frame } from '@driftbox/protocol';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newFile, putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';

let door: OpenDoor;
let alice: ApiUser;
let bob: ApiUser;
beforeAll(async () => {
  door = await openDoor();
  const { address } = door;
  [alice, bob] = await Promise.all([signUpByApi(address, 'alice'), signUpByApi(address, 'bob')]);
}, 60_000);
afterAll(() => door?.close());

const frameOf = (kind: Frame['kind'], bytes: Uint8Array): Frame => ({
  kind,
  digest: digestOf(bytes),
  plainSize: bytes.length,
  encoding: 'raw',
  bases: [],
  payload: bytes,
});

async function put(user: ApiUser, frames: readonly Frame[], uploadId: string): Promise<string[]> {
  const body = frames.flatMap((frame) => encodeFrame(frame));
  const answer = await user.client.stream(routes.putChunks, { params: { drive: user.drive.drive }, query: { uploadId }, body });
  return ((await answer.json()) as { results: { result: string }[] }).results.map(({ result }) => result);
}

function commit(user: ApiUser, operations: readonly ReturnType<typeof newFile>[], uploadId?: string): Promise<CommitAnswer> {
  const { drive, driveEpoch } = user.drive;
  const body = { driveEpoch, operations: [...operations], ...(uploadId === undefined ? {} : { uploadId }) };
  return user.client.call(routes.postCommit, { params: { drive }, body });
}

describe('upload over the real metadata', () => {
  test('a digest alone buys nothing; the bytes do', async () => {
    const bytes = randomBytes(100_000);
    await putFiles(alice, [{ name: 'secret', bytes }]);
    const digest = digestOf(bytes);
    const stolen = newFile(bob.drive, 'stolen', { digest, sizeBytes: bytes.length });
    expect((await commit(bob, [stolen])).outcomes).toEqual([{ outcome: 'chunk_missing', digests: [digest] }]);
    const fetching = bob.client.stream(routes.fetchChunks, { params: { drive: bob.drive.drive }, json: { digests: [digest] } });
    await expect(fetching).rejects.toMatchObject({ code: 'chunk_missing' });
    const uploadId = randomUUID();
    const ask = { params: { drive: bob.drive.drive }, body: { uploadId, sizeBytes: bytes.length, digests: [digest] } };
    expect(await bob.client.call(routes.askMissing, ask)).toEqual({ missing: [digest] });
    expect(await put(bob, [frameOf('chunk', bytes)], uploadId)).toEqual(['stored']);
    expect((await commit(bob, [stolen], uploadId)).outcomes).toMatchObject([{ outcome: 'committed' }]);
    expect(await bob.client.call(routes.askMissing, { ...ask, body: { ...ask.body, uploadId: randomUUID() } })).toEqual({ missing: [] });
  });

  test('a long list travels as segments and is read back in parts', async () => {
    const parts = Array.from({ length: 200 }, (_, n) => Buffer.from(`part ${n} `.repeat(1 + (n % 5))));
    const refs = parts.map((bytes) => ({ digest: digestOf(bytes), sizeBytes: bytes.length }));
    const list = buildChunkList(refs, digestOf);
    if (list.form !== 'segmented') throw new Error('the list should be long');
    const uploadId = randomUUID();
    const blocks = [...list.segments, list.root].map(({ bytes }) => frameOf('list', bytes));
    await put(alice, [...parts.map((bytes) => frameOf('chunk', bytes)), ...blocks], uploadId);
    const operation = {
      ...newFile(alice.drive, 'long', undefined),
      chunkList: undefined,
      listId: list.listId,
      sizeBytes: list.sizeBytes,
    };
    expect((await commit(alice, [operation], uploadId)).outcomes).toMatchObject([{ outcome: 'committed' }]);
    const { entryId: entry } = operation;
    const { path } = await alice.client.call(routes.createContentUrl, { params: { drive: alice.drive.drive, entry }, body: {} });
    const answer = await fetch(`${door.address}${path}`, { headers: { range: 'bytes=100-999' } });
    expect(answer.status).toBe(206);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.concat(parts).subarray(100, 1_000));
  });

  test('one file in one request, guarded by its ETag', async () => {
    const url = `${door.address}/v1/drives/${alice.drive.drive}/files/notes.txt`;
    const send = (body: string, headers: Record<string, string> = {}) =>
      fetch(url, {
        method: 'PUT',
        body,
        headers: { authorization: `Bearer ${alice.accessToken}`, 'content-type': 'application/octet-stream', ...headers },
      });
    const first = await send('one');
    expect(first.status).toBe(201);
    const [chunk] = chunkBytes(Buffer.from('one'));
    expect(await first.json()).toMatchObject({ kind: 'file', name: 'notes.txt', rev: 1, listId: chunk?.digest });
    const etag = first.headers.get('etag') ?? '';
    expect((await send('two', { 'if-match': etag })).status).toBe(200);
    expect(await (await send('three', { 'if-match': etag })).json()).toMatchObject({ code: 'revision_conflict' });
  });
});
