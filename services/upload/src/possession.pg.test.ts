import { randomBytes, randomUUID } from 'node:crypto';
import { encodeForWire } from '@driftbox/chunking';
import type { TenantId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chunkFrame,
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
import { readLedger } from './store/read-ledger.ts';

let world: World;
let alice: Person;
let bob: Person;
let secret: Buffer;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.stop());
beforeEach(async () => {
  [alice, bob] = [await world.person(), await world.person()];
  secret = randomBytes(200_000);
  await commitFrames(alice, [chunkFrame(secret)], [putFileOperation(rootOf(alice), 'secret', [refOf(secret)])]);
});

const rootOf = (person: Person) => world.metadata.drives.get(person.drive)!.drive.drive.rootId;
const missing = (person: Person, uploadId = newUpload()) =>
  person.client.call(routes.askMissing, { params: { drive: person.drive }, body: { uploadId, sizeBytes: 1, digests: [sha256(secret)] } });
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );

describe('who knows only a digest', () => {
  test('is told to send the chunk, even after naming it in an upload of their own', async () => {
    const uploadId = newUpload();
    expect(await missing(bob, uploadId)).toEqual({ missing: [sha256(secret)] });
    expect(await missing(bob, uploadId)).toEqual({ missing: [sha256(secret)] });
    expect((await commitJson(bob, [putFileOperation(rootOf(bob), 'mine', [refOf(secret)])], { uploadId })).outcomes).toEqual([
      { outcome: 'chunk_missing', digests: [sha256(secret)] },
    ]);
  });

  test('cannot commit it, neither by list nor by id', async () => {
    const byList = putFileOperation(rootOf(bob), 'a', [refOf(secret)]);
    const byId = { ...putFileOperation(rootOf(bob), 'b', []), chunkList: undefined, listId: sha256(secret), sizeBytes: secret.length };
    const { outcomes } = await commitJson(bob, [byList, byId]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['chunk_missing', 'chunk_missing']);
  });

  test('cannot fetch it, and learns the same as of a chunk that nobody has', async () => {
    const ask = (digest: string) => bob.client.stream(routes.fetchChunks, { params: { drive: bob.drive }, json: { digests: [digest] } });
    const [theirs, nobodys] = await Promise.all(
      [sha256(secret), sha256(randomBytes(9))].map((digest) => ask(digest).catch((error: Error) => error)),
    );
    expect(theirs).toMatchObject({ code: 'chunk_missing', details: { digests: [sha256(secret)] } });
    expect(nobodys).toMatchObject({ code: 'chunk_missing', message: (theirs as Error).message });
  });

  test('cannot use it as a base, neither to send nor to receive', async () => {
    const edited = Buffer.concat([Buffer.from('x'), secret]);
    const delta = await encodeForWire(edited, [{ digest: sha256(secret), bytes: secret }]);
    expect(delta.encoding).toBe('delta');
    const frame = chunkFrame(edited, { encoding: 'delta', bases: [sha256(secret)], payload: delta.bytes });
    expect(await putFrames(bob, newUpload(), [frame])).toEqual(['base_missing']);
    await putFrames(bob, newUpload(), [chunkFrame(edited)]);
    const [fetched] = await fetchFrames(bob, [sha256(edited)], { [sha256(edited)]: [sha256(secret)] });
    expect(fetched?.encoding).toBe('raw');
  });

  test('is in no better position in another tenant', async () => {
    const stranger = await world.person(randomUUID() as TenantId);
    expect(await code(missing({ ...stranger, drive: alice.drive }))).not.toBe('none');
  });
});

describe('who has the bytes', () => {
  test('sends them in full, hears `stored`, and nothing is kept twice', async () => {
    const before = await readLedger(world.database, alice.tenantId);
    const uploadId = newUpload();
    expect(await putFrames(bob, uploadId, [chunkFrame(secret)])).toEqual(['stored']);
    expect(await putFrames(bob, uploadId, [chunkFrame(secret)])).toEqual(['already']);
    expect(await readLedger(world.database, alice.tenantId)).toEqual(before);
    expect(await missing(bob, uploadId)).toEqual({ missing: [] });
    expect((await commitJson(bob, [putFileOperation(rootOf(bob), 'mine', [refOf(secret)])])).outcomes).toMatchObject([
      { outcome: 'committed' },
    ]);
  });

  test('must have them all: a digest over other bytes proves nothing', async () => {
    const uploadId = newUpload();
    expect(await putFrames(bob, uploadId, [chunkFrame(randomBytes(secret.length), { digest: sha256(secret) })])).toEqual([
      'digest_mismatch',
    ]);
    expect(await missing(bob, uploadId)).toEqual({ missing: [sha256(secret)] });
  });
});

describe('a proof', () => {
  test('serves the user who gave it, on that drive, while the upload is open', async () => {
    const bytes = randomBytes(5_000);
    const uploadId = newUpload();
    await putFrames(bob, uploadId, [chunkFrame(bytes)]);
    const carol = await world.person(bob.tenantId, bob.drive);
    world.metadata.drives.get(bob.drive)!.members.set(carol.userId, 'editor');
    const commitOf = async (person: Person) =>
      (await commitJson(person, [putFileOperation(rootOf(person), randomUUID(), [refOf(bytes)])])).outcomes[0]?.outcome;
    expect(await commitOf(carol)).toBe('chunk_missing');
    expect(await commitOf(alice)).toBe('chunk_missing');
    await bob.client.call(routes.closeUpload, { params: { drive: bob.drive, upload: uploadId } });
    expect(await commitOf(bob)).toBe('chunk_missing');
    expect(await code(bob.client.call(routes.closeUpload, { params: { drive: bob.drive, upload: uploadId } }))).toBe('not_found');
  });

  test("goes into nobody else's upload", async () => {
    const uploadId = newUpload();
    await putFrames(alice, uploadId, [chunkFrame(Buffer.from('hers'))]);
    expect(await code(putFrames(bob, uploadId, [chunkFrame(Buffer.from('his'))]))).toBe('not_found');
    expect(await code(missing(bob, uploadId))).toBe('not_found');
    expect(await code(bob.client.call(routes.closeUpload, { params: { drive: bob.drive, upload: uploadId } }))).toBe('not_found');
  });

  test('ends with the access to the drive', async () => {
    const bytes = randomBytes(5_000);
    world.metadata.drives.get(alice.drive)!.members.set(bob.userId, 'editor');
    const guest = { ...bob, drive: alice.drive, epoch: alice.epoch };
    await putFrames(guest, newUpload(), [chunkFrame(bytes)]);
    world.metadata.drives.get(alice.drive)!.members.set(bob.userId, 'viewer');
    expect(await code(putFrames(guest, newUpload(), [chunkFrame(bytes)]))).toBe('permission_denied');
    world.metadata.drives.get(alice.drive)!.members.delete(bob.userId);
    expect(await code(fetchFrames(guest, [sha256(bytes)]))).toBe('not_found');
  });
});

describe('row-level security', () => {
  test('shows nothing to a query without a tenant', async () => {
    for (const table of ['chunks', 'packs', 'data_keys', 'physical_ledger', 'uploads', 'proofs', 'pins']) {
      expect((await world.database.query(`SELECT 1 FROM ${table}`)).rows).toEqual([]);
    }
    expect((await world.test.adminQuery('SELECT 1 FROM chunks')).length).toBeGreaterThan(0);
  });
});
