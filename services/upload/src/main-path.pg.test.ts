import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
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
import { recountLedger } from './store/recount-ledger.ts';

let world: World;
let alice: Person;
beforeAll(async () => {
  world = await openWorld();
  alice = await world.person();
});
afterAll(() => world?.stop());

const rootOf = (person: Person) => world.metadata.drives.get(person.drive)!.drive.drive.rootId;

async function contentOf(person: Person, entryId: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${world.address}/v1/drives/${person.drive}/entries/${entryId}/content`, {
    headers: { authorization: `Bearer ${person.token}`, ...headers },
  });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

describe('the main path', () => {
  test('missing, chunks, commit, content, ledger', async () => {
    const uploadId = newUpload();
    const chunks = [randomBytes(3 << 20), randomBytes(70_000), Buffer.from('small')];
    const digests = chunks.map(sha256);
    const ask = () =>
      alice.client.call(routes.askMissing, { params: { drive: alice.drive }, body: { uploadId, sizeBytes: 4 << 20, digests } });
    expect(await ask()).toEqual({ missing: digests });
    expect(
      await putFrames(
        alice,
        uploadId,
        chunks.map((bytes) => chunkFrame(bytes)),
      ),
    ).toEqual(['stored', 'stored', 'stored']);
    expect(await ask()).toEqual({ missing: [] });
    const operation = putFileOperation(rootOf(alice), 'a.bin', chunks.map(refOf));
    const { outcomes } = await commitJson(alice, [operation], { uploadId });
    expect(outcomes).toMatchObject([{ outcome: 'committed', rev: 1, seq: 1 }]);
    const whole = await contentOf(alice, operation.entryId);
    expect(whole.status).toBe(200);
    expect(whole.bytes.equals(Buffer.concat(chunks))).toBe(true);
    expect(await readLedger(world.database, alice.tenantId)).toEqual(await recountLedger(world.database, alice.tenantId));
    expect((await readLedger(world.database, alice.tenantId)).chunks).toBe(3);
  });

  test('chunks and commit in one request, leaving no upload, proof or pin behind', async () => {
    const files = Array.from({ length: 50 }, (_, n) => Buffer.from(`file ${n} ${randomUUID()}`));
    const operations = files.map((bytes, n) => putFileOperation(rootOf(alice), `f${n}`, [refOf(bytes)]));
    const { outcomes } = await commitFrames(
      alice,
      files.map((bytes) => chunkFrame(bytes)),
      operations,
    );
    expect(outcomes.every((one) => one.outcome === 'committed')).toBe(true);
    expect((await contentOf(alice, operations[7]!.entryId)).bytes).toEqual(files[7]);
    expect(
      await world.test.adminQuery('SELECT 1 FROM proofs p JOIN uploads u USING (tenant, upload_id) WHERE u.user_id <> $1', [alice.userId]),
    ).toEqual([]);
    const frames = await fetchFrames(alice, [sha256(files[3]!), sha256(files[1]!), sha256(files[3]!)]);
    expect(frames.map((frame) => Buffer.from(frame.payload))).toEqual([files[3], files[1], files[3]]);
  });

  test('an empty file', async () => {
    const operation = putFileOperation(rootOf(alice), 'empty', []);
    expect((await commitJson(alice, [operation])).outcomes).toMatchObject([{ outcome: 'committed' }]);
    const { status, bytes, headers } = await contentOf(alice, operation.entryId);
    expect([status, bytes.length, headers.get('content-length')]).toEqual([200, 0, '0']);
  });

  test('PUT files, twice, with preconditions', async () => {
    const put = (body: Uint8Array, headers: Record<string, string> = {}) =>
      fetch(`${world.address}/v1/drives/${alice.drive}/files/notes.txt`, {
        method: 'PUT',
        body,
        headers: { authorization: `Bearer ${alice.token}`, 'content-type': 'application/octet-stream', ...headers },
      });
    const first = await put(Buffer.from('one'));
    expect(first.status).toBe(201);
    const { entryId } = (await first.json()) as { entryId: string };
    expect((await contentOf(alice, entryId)).bytes.toString()).toBe('one');
    expect((await put(Buffer.from('no'), { 'if-none-match': '*' })).status).toBe(409);
    const etag = first.headers.get('etag')!;
    const second = await put(Buffer.from('two'), { 'if-match': etag });
    expect([second.status, ((await second.json()) as { rev: number }).rev]).toEqual([200, 2]);
    expect(((await (await put(Buffer.from('three'), { 'if-match': etag })).json()) as { code: string }).code).toBe('revision_conflict');
    expect((await contentOf(alice, entryId)).bytes.toString()).toBe('two');
  });
});
