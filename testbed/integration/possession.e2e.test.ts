import { randomBytes } from 'node:crypto';
import { encodeForWire } from '@driftbox/chunking';
import { parseUploadId } from '@driftbox/domain';
import { framesMediaType, routes } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newFile, putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';
import { chunkRefOf, rawFrame } from '../src/raw-frame.ts';
import { rawRequest } from '../src/raw-request.ts';
import { assertRefused } from '../src/refusal.ts';

let door: OpenDoor;
let ada: ApiUser;
let bob: ApiUser;
/** What Ada has and Bob knows only by its digest. */
const secret = randomBytes(20_000);
beforeAll(async () => {
  door = await openDoor();
  ada = await signUpByApi(door.address, 'ada');
  bob = await signUpByApi(door.address, 'bob');
  await putFiles(ada, [{ name: 'secret', bytes: secret }]);
});
afterAll(() => door?.close());

type Operation = ReturnType<typeof newFile>;

async function commit(user: ApiUser, operation: Operation): Promise<{ code: string }> {
  const body = { driveEpoch: user.drive.driveEpoch, operations: [operation] };
  const { outcomes } = await user.client.call(routes.postCommit, { params: { drive: user.drive.drive }, body });
  return { code: outcomes[0]!.outcome };
}

const fetchOf = (user: ApiUser, digest: string) =>
  user.client.stream(routes.fetchChunks, { params: { drive: user.drive.drive }, json: { digests: [digest] } });

describe('a chunk that only somebody else has', () => {
  test('cannot be committed, by list or by id', async () => {
    await assertRefused(bob, 'chunk_missing', () => commit(bob, newFile(bob.drive, 'stolen', chunkRefOf(secret))));
    const { chunkList: _, ...rest } = newFile(bob.drive, 'stolen', chunkRefOf(secret)) as Operation & { chunkList: unknown };
    const byId = { ...rest, listId: chunkRefOf(secret).digest } as Operation;
    await assertRefused(bob, 'chunk_missing', () => commit(bob, byId));
  });

  test('cannot be fetched, and looks like one that nobody has', async () => {
    const theirs = await assertRefused(bob, 'chunk_missing', () => fetchOf(bob, chunkRefOf(secret).digest));
    const nobodys = await assertRefused(bob, 'chunk_missing', () => fetchOf(bob, chunkRefOf(randomBytes(9)).digest));
    expect((theirs as Error).message).toBe((nobodys as Error).message);
  });

  test('is no base of a delta', async () => {
    const { digest } = chunkRefOf(secret);
    const edited = Buffer.concat([Buffer.from('x'), secret]);
    const delta = await encodeForWire(edited, [{ digest, bytes: secret }]);
    expect(delta.encoding).toBe('delta');
    const answer = await rawRequest(door.address, {
      method: 'PUT',
      path: `/v1/drives/${bob.drive.drive}/chunks?uploadId=${newId(parseUploadId)}`,
      token: bob.accessToken,
      headers: { 'content-type': framesMediaType },
      body: rawFrame(edited, { encoding: 'delta', bases: [digest], payload: delta.bytes }),
    });
    expect(JSON.parse(answer.body.toString())).toEqual({ results: [{ digest: chunkRefOf(edited).digest, result: 'base_missing' }] });
    await assertRefused(bob, 'chunk_missing', () => commit(bob, newFile(bob.drive, 'edited', chunkRefOf(edited))));
  });

  test('is told missing, also a second time', async () => {
    const { digest } = chunkRefOf(secret);
    const body = { uploadId: newId(parseUploadId), sizeBytes: secret.length, digests: [digest] };
    const params = { drive: bob.drive.drive };
    for (let times = 0; times < 2; times += 1)
      expect(await bob.client.call(routes.askMissing, { params, body })).toEqual({ missing: [digest] });
    await assertRefused(bob, 'chunk_missing', () => commit(bob, newFile(bob.drive, 'asked', chunkRefOf(secret))));
    await bob.client.call(routes.closeUpload, { params: { ...params, upload: body.uploadId } });
  });

  test('works once its bytes were sent', async () => {
    await putFiles(bob, [{ name: 'mine', bytes: secret }]);
    expect((await fetchOf(bob, chunkRefOf(secret).digest)).status).toBe(200);
  });
});

describe('a stale revision', () => {
  test('is refused with what is there now, and the right one is taken', async () => {
    const file = newFile(ada.drive, 'shared', undefined);
    expect(await commit(ada, file)).toEqual({ code: 'committed' });
    const write = (baseRev: number, writeId = newFile(ada.drive, 'x', undefined).writeId): Operation =>
      ({ ...file, writeId, baseRev, name: undefined, parentId: undefined }) as Operation;
    expect(await commit(ada, write(1))).toEqual({ code: 'committed' });
    await assertRefused(ada, 'revision_conflict', () => commit(ada, write(1)));
    expect(await commit(ada, write(2))).toEqual({ code: 'committed' });
  });

  test('of a drive of another epoch refuses the whole commit', async () => {
    const body = { driveEpoch: newId(parseUploadId), operations: [newFile(ada.drive, 'epoch', undefined)] };
    await assertRefused(ada, 'cursor_expired', () => ada.client.call(routes.postCommit, { params: { drive: ada.drive.drive }, body }));
  });
});
