import { randomBytes } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { parseUploadId } from '@driftbox/domain';
import { framesMediaType, routes } from '@driftbox/protocol';
import { newId, waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newFile, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';
import { chunkRefOf, rawFrame } from '../src/raw-frame.ts';
import { rawRequest, type RawAnswer } from '../src/raw-request.ts';
import { assertRefused } from '../src/refusal.ts';

let door: OpenDoor;
let user: ApiUser;
beforeAll(async () => {
  door = await openDoor();
  user = await signUpByApi(door.address, 'ada');
});
afterAll(() => door?.close());

const json = { 'content-type': 'application/json' };
const frames = { 'content-type': framesMediaType };
const commits = (): string => `/v1/drives/${user.drive.drive}/commits`;
const post = (path: string, body: string, headers: Record<string, string> = json): Promise<RawAnswer> =>
  rawRequest(door.address, { method: 'POST', path, token: user.accessToken, headers, body: Buffer.from(body) });
const commitOf = (...operations: unknown[]): string => JSON.stringify({ driveEpoch: user.drive.driveEpoch, operations });
/** Announces a body of 65 MiB, and waits for the answer before sending much of it. */
const announce = (method: string, path: string, type: Record<string, string>): Promise<RawAnswer> =>
  rawRequest(door.address, {
    method,
    path,
    token: user.accessToken,
    headers: { ...type, 'content-length': String(65 * 2 ** 20) },
    body: (async function* () {
      yield Buffer.from('{');
      await new Promise(() => {});
    })(),
  });
const putChunks = (body: Uint8Array, uploadId: string): Promise<RawAnswer> =>
  rawRequest(door.address, {
    method: 'PUT',
    path: `/v1/drives/${user.drive.drive}/chunks?uploadId=${uploadId}`,
    token: user.accessToken,
    headers: frames,
    body,
  });

describe('a JSON body', () => {
  test.each([
    ['is cut off', () => commitOf(newFile(user.drive, 'a', undefined)).slice(0, -5)],
    ['is no JSON', () => '\u0000'],
    ['is empty', () => ''],
    ['is another type', () => '[]'],
    ['has a number for a list', () => JSON.stringify({ driveEpoch: user.drive.driveEpoch, operations: 7 })],
    ['has a text for a number', () => commitOf({ ...newFile(user.drive, 'a', undefined), sizeBytes: '0' })],
    ['has a negative size', () => commitOf({ ...newFile(user.drive, 'a', undefined), sizeBytes: -1 })],
    ['has an unknown operation', () => commitOf({ ...newFile(user.drive, 'a', undefined), op: 'format' })],
    ['has an id that is none', () => commitOf({ ...newFile(user.drive, 'a', undefined), entryId: "' OR 1=1 --" })],
    ['has one wrong operation after a good one', () => commitOf(newFile(user.drive, 'a', undefined), { op: 'purge' })],
  ])('that %s is refused whole', async (_what, body) => {
    await assertRefused(user, 'invalid_argument', () => post(commits(), body()));
  });

  test('beyond the limit is refused', async () => {
    const body = commitOf(newFile(user.drive, 'x'.repeat(2 ** 21), undefined));
    await assertRefused(user, 'too_large', () => post('/v1/drives', body));
    await assertRefused(user, 'too_large', () => announce('POST', commits(), json));
  });

  test('with more operations than a commit may have is refused', async () => {
    const operations = Array.from({ length: 1001 }, (_, index) => newFile(user.drive, `f${index}`, undefined));
    await assertRefused(user, 'invalid_argument', () => post(commits(), commitOf(...operations)));
  });

  test('of another media type is refused', async () => {
    const body = commitOf(newFile(user.drive, 'a', undefined));
    await assertRefused(user, 'invalid_argument', () => post(commits(), body, { 'content-type': 'text/plain' }));
  });

  test('that is right is taken after all these', async () => {
    const answer = await post(commits(), commitOf(newFile(user.drive, 'after', undefined)));
    expect(JSON.parse(answer.body.toString())).toMatchObject({ outcomes: [{ outcome: 'committed' }] });
  });
});

describe('a body of frames', () => {
  const good = randomBytes(100_000);

  test.each([
    ['begins with something else', 'invalid_argument', () => randomBytes(500)],
    ['ends inside a header', 'invalid_argument', () => rawFrame(good).subarray(0, 20)],
    ['ends inside a payload', 'invalid_argument', () => rawFrame(good).subarray(0, -1)],
    ['announces a frame beyond the limit', 'too_large', () => hugeFrame()],
  ])('that %s is refused', async (_what, code, body) => {
    await assertRefused(user, code, () => putChunks(body(), newId(parseUploadId)));
  });

  test('beyond the limit is refused before it is sent', async () => {
    const path = `/v1/drives/${user.drive.drive}/chunks?uploadId=${newId(parseUploadId)}`;
    await assertRefused(user, 'too_large', () => announce('PUT', path, frames));
  });

  test('whose bytes do not match their digest stores nothing, and the right bytes are taken', async () => {
    const bytes = randomBytes(50_000);
    const { digest } = chunkRefOf(bytes);
    const uploadId = newId(parseUploadId);
    const wrong = await putChunks(rawFrame(randomBytes(50_000), { digest }), uploadId);
    expect(JSON.parse(wrong.body.toString())).toEqual({ results: [{ digest, result: 'digest_mismatch' }] });
    const ask = { params: { drive: user.drive.drive }, body: { uploadId, sizeBytes: bytes.length, digests: [digest] } };
    expect(await user.client.call(routes.askMissing, ask)).toEqual({ missing: [digest] });
    const right = await putChunks(rawFrame(bytes), uploadId);
    expect(JSON.parse(right.body.toString())).toEqual({ results: [{ digest, result: 'stored' }] });
    await user.client.call(routes.closeUpload, { params: { drive: user.drive.drive, upload: uploadId } });
  });

  test('with a commit, one of whose chunks does not match, commits nothing', async () => {
    const bytes = randomBytes(50_000);
    const { digest } = chunkRefOf(bytes);
    const commit = Buffer.from(commitOf(newFile(user.drive, 'mismatch', chunkRefOf(bytes))));
    const last = rawFrame(commit, { kind: 'commit' });
    const send = (body: Uint8Array): Promise<RawAnswer> =>
      rawRequest(door.address, { method: 'POST', path: commits(), token: user.accessToken, headers: frames, body });
    await assertRefused(user, 'digest_mismatch', () => send(Buffer.concat([rawFrame(randomBytes(50_000), { digest }), last])));
    const right = await send(Buffer.concat([rawFrame(bytes), last]));
    expect(JSON.parse(right.body.toString())).toMatchObject({ outcomes: [{ outcome: 'committed' }] });
  });

  test('cut off with its connection leaves nothing, and the same upload goes on', async () => {
    const bytes = randomBytes(1_000_000);
    const body = rawFrame(bytes);
    const uploadId = newId(parseUploadId);
    await assertRefused(user, 'ECUT', async () => {
      await cutUpload(body, uploadId);
      return { code: 'ECUT' };
    });
    const ask = { params: { drive: user.drive.drive }, body: { uploadId, sizeBytes: 0, digests: [chunkRefOf(bytes).digest] } };
    expect((await user.client.call(routes.askMissing, ask)).missing).toHaveLength(1);
    await putChunks(body, uploadId);
    expect((await user.client.call(routes.askMissing, ask)).missing).toEqual([]);
    const answer = await post(commits(), commitOf(newFile(user.drive, 'cut', chunkRefOf(bytes))));
    expect(JSON.parse(answer.body.toString())).toMatchObject({ outcomes: [{ outcome: 'committed' }] });
  });

  function hugeFrame(): Buffer {
    const frame = rawFrame(Buffer.from('x'));
    frame.writeUInt32BE(2 ** 31, 8);
    frame.writeUInt32BE(2 ** 31, 12);
    return frame;
  }

  async function cutUpload(body: Buffer, uploadId: string): Promise<void> {
    const { protocol, hostname, port, host } = new URL(door.address);
    const isTls = protocol === 'https:';
    const to = { host: hostname, port: Number(port || (isTls ? 443 : 80)) };
    const socket = isTls ? tls.connect({ ...to, servername: hostname }) : net.connect(to);
    socket.on('error', () => {});
    const head = [
      `PUT /v1/drives/${user.drive.drive}/chunks?uploadId=${uploadId} HTTP/1.1`,
      `host: ${host}`,
      `authorization: Bearer ${user.accessToken}`,
      `content-type: ${framesMediaType}`,
      `content-length: ${body.length}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    socket.write(body.subarray(0, body.length / 2));
    await waitFor(() => socket.bytesWritten > body.length / 2 && socket.writableLength === 0, { what: 'half of the upload sent' });
    socket.destroy();
  }
});
