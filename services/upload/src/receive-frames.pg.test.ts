import { randomBytes, randomUUID } from 'node:crypto';
import { decodeFromWire, encodeForWire } from '@driftbox/chunking';
import { buildChunkList, diffChunkLists, type EntryId, type WriteId } from '@driftbox/domain';
import { encodeFrame, routes, type Frame } from '@driftbox/protocol';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  chunkFrame,
  commitFrame,
  commitFrames,
  commitJson,
  fetchFrames,
  newUpload,
  putFileOperation,
  putFrames,
  refOf,
  sha256,
} from './testing/person-requests.ts';
import { openWorld, type Person, type World } from './testing/world.ts';

let world: World;
let alice: Person;
beforeAll(async () => {
  world = await openWorld();
  alice = await world.person();
});
afterAll(() => world?.stop());

const rootId = () => world.metadata.drives.get(alice.drive)!.drive.drive.rootId;
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );
const putBytes = (body: Uint8Array[], uploadId = newUpload()) =>
  alice.client.stream(routes.putChunks, { params: { drive: alice.drive }, query: { uploadId }, body });
const listFrame = (block: { digest: string; bytes: Uint8Array }): Frame => ({
  kind: 'list',
  digest: block.digest as never,
  plainSize: block.bytes.length,
  encoding: 'raw',
  bases: [],
  payload: block.bytes,
});

describe('a body of frames', () => {
  test('answers each in order, whatever became of the others', async () => {
    const [good, bad] = [randomBytes(100), randomBytes(100)];
    const corrupt = chunkFrame(good, { digest: sha256(bad), encoding: 'zstd', payload: randomBytes(50) });
    const uploadId = newUpload();
    expect(await putFrames(alice, uploadId, [chunkFrame(good), corrupt, chunkFrame(Buffer.from('more')), chunkFrame(good)])).toEqual([
      'stored',
      'digest_mismatch',
      'stored',
      'stored',
    ]);
    expect(await putFrames(alice, uploadId, [chunkFrame(good)])).toEqual(['already']);
  });

  test('cut off in the middle is refused, and what came whole before is not acknowledged', async () => {
    const [header, payload] = encodeFrame(chunkFrame(randomBytes(1_000)));
    expect(await code(putBytes([header, payload.subarray(0, 500)]))).toBe('invalid_argument');
    expect(await code(putBytes([randomBytes(200)]))).toBe('invalid_argument');
  });

  test('may not hold a commit unless it is one, and a commit must end in one', async () => {
    expect(await code(putFrames(alice, newUpload(), [commitFrame({})]))).toBe('invalid_argument');
    const post = (frames: Frame[]) =>
      alice.client.stream(routes.postCommit, { params: { drive: alice.drive }, body: frames.flatMap((frame) => encodeFrame(frame)) });
    expect(await code(post([chunkFrame(randomBytes(10))]))).toBe('invalid_argument');
    expect(await code(post([commitFrame({ operations: 'none' })]))).toBe('invalid_argument');
    expect(await code(post([{ ...commitFrame({}), digest: sha256(Buffer.from('other')) }]))).toBe('digest_mismatch');
  });

  test('with a chunk that does not match commits nothing', async () => {
    const bytes = randomBytes(100);
    const operation = putFileOperation(rootId(), randomUUID(), [refOf(bytes)]);
    expect(await code(commitFrames(alice, [chunkFrame(randomBytes(100), { digest: sha256(bytes) })], [operation]))).toBe('digest_mismatch');
    expect(world.metadata.drives.get(alice.drive)!.drive.entries.has(operation.entryId)).toBe(false);
  });
});

describe('encodings', () => {
  test('compressed chunks stay compressed and come back as they came', async () => {
    const text = Buffer.from('the same line again and again\n'.repeat(4_000));
    const encoded = await encodeForWire(text);
    expect(encoded.encoding).toBe('zstd');
    await putFrames(alice, newUpload(), [chunkFrame(text, { encoding: 'zstd', payload: encoded.bytes })]);
    const [frame] = await fetchFrames(alice, [sha256(text)]);
    expect([frame?.encoding, frame?.payload.length]).toEqual(['zstd', encoded.bytes.length]);
  });

  test('deltas travel both ways', async () => {
    const base = randomBytes(1 << 20);
    const edited = Buffer.concat([base.subarray(0, 500_000), Buffer.from('!'), base.subarray(500_000)]);
    const uploadId = newUpload();
    await putFrames(alice, uploadId, [chunkFrame(base)]);
    const delta = await encodeForWire(edited, [{ digest: sha256(base), bytes: base }]);
    expect(await putFrames(alice, uploadId, [chunkFrame(edited, { encoding: 'delta', bases: delta.bases, payload: delta.bytes })])).toEqual(
      ['stored'],
    );
    const [whole] = await fetchFrames(alice, [sha256(edited)]);
    expect(sha256(whole!.payload)).toBe(sha256(edited));
    const [small] = await fetchFrames(alice, [sha256(edited)], { [sha256(edited)]: [sha256(base)] });
    expect(small?.encoding).toBe('delta');
    expect(small!.payload.length).toBeLessThan(1_000);
  });
});

describe('long lists', () => {
  const files = Array.from({ length: 300 }, (_, n) => Buffer.from(`chunk ${n} of a long list`.repeat(1 + (n % 3))));
  const list = buildChunkList(files.map(refOf), sha256);
  const entryId = randomUUID() as EntryId;
  const whole = Buffer.concat(files);
  const byId = (over: object) =>
    ({ ...putFileOperation(rootId(), 'long', [], { entryId }), chunkList: undefined, sizeBytes: whole.length, ...over }) as never;

  test('are brought by list frames and named by their id', async () => {
    if (list.form !== 'segmented') throw new Error('the list should be long');
    const uploadId = newUpload();
    expect((await commitJson(alice, [byId({ listId: list.listId })], { uploadId })).outcomes[0]?.outcome).toBe('chunk_missing');
    await putFrames(alice, uploadId, [...list.segments, list.root].map(listFrame));
    const lacking = await commitJson(alice, [byId({ listId: list.listId })], { uploadId });
    expect(lacking.outcomes).toMatchObject([{ outcome: 'chunk_missing' }]);
    expect(new Set((lacking.outcomes[0] as { digests: string[] }).digests)).toEqual(new Set(files.map(sha256)));
    await putFrames(
      alice,
      uploadId,
      files.map((bytes) => chunkFrame(bytes)),
    );
    expect((await commitJson(alice, [byId({ listId: list.listId, sizeBytes: whole.length + 1 })], { uploadId })).outcomes[0]?.outcome).toBe(
      'invalid_argument',
    );
    expect((await commitJson(alice, [byId({ listId: list.listId })], { uploadId })).outcomes).toMatchObject([
      { outcome: 'committed', rev: 1 },
    ]);
  });

  test.each([undefined, newUpload()])('come in one body with their commit, whichever upload it names', async (uploadId) => {
    if (list.form !== 'segmented') throw new Error('the list should be long');
    const operation = {
      ...(byId({ listId: list.listId }) as object),
      entryId: randomUUID(),
      name: randomUUID(),
      writeId: randomUUID(),
    } as never;
    const other = await world.person();
    const [frames, parentId] = [
      [...files.map((bytes) => chunkFrame(bytes)), ...[...list.segments, list.root].map(listFrame)],
      world.metadata.drives.get(other.drive)!.drive.drive.rootId,
    ];
    const { outcomes } = await commitFrames(
      other,
      frames,
      [{ ...(operation as object), parentId } as never],
      uploadId === undefined ? {} : { uploadId },
    );
    expect(outcomes).toMatchObject([{ outcome: 'committed', rev: 1 }]);
  });

  test('are read whole and in parts', async () => {
    const get = async (range?: string) => {
      const headers = { authorization: `Bearer ${alice.token}`, ...(range === undefined ? {} : { range }) };
      const answer = await fetch(`${world.address}/v1/drives/${alice.drive}/entries/${entryId}/content`, { headers });
      return Buffer.from(await answer.arrayBuffer());
    };
    expect((await get()).equals(whole)).toBe(true);
    expect((await get('bytes=5000-9999')).equals(whole.subarray(5_000, 10_000))).toBe(true);
  });

  test('are changed by splices', async () => {
    const added = Buffer.from('a chunk in between');
    const changed = [...files.slice(0, 100).map(refOf), refOf(added), ...files.slice(101).map(refOf)];
    const splices = diffChunkLists(files.map(refOf), changed).map((splice) => ({ ...splice, insert: [...splice.insert] }));
    const result = buildChunkList(changed, sha256);
    const operation = (resultListId: string) =>
      byId({
        writeId: randomUUID() as WriteId,
        parentId: undefined,
        name: undefined,
        baseRev: 1,
        sizeBytes: result.sizeBytes,
        chunkListDelta: { baseListId: list.listId, splices, resultListId },
      });
    const uploadId = newUpload();
    expect((await commitJson(alice, [operation(list.listId)], { uploadId })).outcomes[0]?.outcome).toBe('invalid_argument');
    expect((await commitJson(alice, [operation(result.listId)], { uploadId })).outcomes).toEqual([
      { outcome: 'chunk_missing', digests: [sha256(added)] },
    ]);
    await putFrames(alice, uploadId, [chunkFrame(added)]);
    expect((await commitJson(alice, [operation(result.listId)], { uploadId })).outcomes).toMatchObject([{ outcome: 'committed', rev: 2 }]);

    if (list.form !== 'segmented' || result.form !== 'segmented') throw new Error('the lists should be long');
    const held = new Map(list.segments.map(({ digest, bytes }) => [digest, bytes]));
    const edited = result.segments.find(({ digest }) => !held.has(digest))!;
    const [delta] = await fetchFrames(alice, [edited.digest], { [edited.digest]: [...held.keys()].slice(0, 4) });
    expect(delta).toMatchObject({ kind: 'list', encoding: 'delta' });
    expect(delta!.payload.length).toBeLessThan(edited.bytes.length / 4);
    const bases = delta!.bases.map((base) => held.get(base)!);
    expect(await decodeFromWire(delta!, delta!.payload, bases)).toMatchObject({ ok: true, bytes: Buffer.from(edited.bytes) });
    const [whole] = await fetchFrames(alice, [edited.digest], { [edited.digest]: [sha256(Buffer.from('nobody has this'))] });
    expect(whole).toMatchObject({ kind: 'list', bases: [] });
  });
});

describe('a commit', () => {
  test('is told the truth about sizes', async () => {
    const bytes = randomBytes(10);
    const uploadId = newUpload();
    await putFrames(alice, uploadId, [chunkFrame(bytes)]);
    const lying = putFileOperation(rootId(), 'lie', [{ digest: sha256(bytes), sizeBytes: 11 }]);
    expect((await commitJson(alice, [lying], { uploadId })).outcomes).toMatchObject([{ outcome: 'invalid_argument' }]);
  });

  test('that is atomic fails as a whole when one file lacks a chunk', async () => {
    const bytes = randomBytes(10);
    const operations = [putFileOperation(rootId(), 'atomic', []), putFileOperation(rootId(), 'lacking', [refOf(bytes)])];
    expect((await commitJson(alice, operations, { atomic: true })).outcomes).toEqual([
      { outcome: 'aborted' },
      { outcome: 'chunk_missing', digests: [sha256(bytes)] },
    ]);
  });
});
