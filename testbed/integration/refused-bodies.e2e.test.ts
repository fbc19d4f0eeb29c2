import { createClient, httpTransport, type RequestBody } from '@driftbox/api-client';
import { framesMediaType, routes } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import { parseUploadId } from '@driftbox/domain';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';
import { rawRequest } from '../src/raw-request.ts';

let door: OpenDoor;
let user: ApiUser;
beforeAll(async () => {
  door = await openDoor();
  user = await signUpByApi(door.address, 'ada');
});
afterAll(() => door?.close());

const mebibyte = Buffer.alloc(2 ** 20);

/** Pieces as from a file: they come one after the other, never all at once. */
async function* stream(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    yield mebibyte;
  }
}

const bodies: readonly [string, () => RequestBody][] = [
  ['whole', () => Buffer.alloc(8 * 2 ** 20)],
  ['in pieces', () => Array.from({ length: 8 }, () => mebibyte)],
  ['as a stream', () => () => stream(8)],
];

type Refused = { readonly why: string; readonly code: string; readonly send: (body: RequestBody) => Promise<{ code: string | undefined }> };
const put = (path: string, token: string | undefined, body: RequestBody, type = framesMediaType) =>
  rawRequest(door.address, { method: 'PUT', path, ...(token === undefined ? {} : { token }), headers: { 'content-type': type }, body });
const chunks = () => `/v1/drives/${user.drive.drive}/chunks?uploadId=${newId(parseUploadId)}`;

const refusals: readonly Refused[] = [
  { why: 'without a token', code: 'unauthenticated', send: (body) => put(chunks(), undefined, body) },
  { why: 'to nowhere', code: 'not_found', send: (body) => put('/v1/nowhere', user.accessToken, body) },
  { why: 'of another type', code: 'invalid_argument', send: (body) => put(chunks(), user.accessToken, body, 'text/plain') },
  {
    why: 'of JSON beyond its limit',
    code: 'too_large',
    send: (body) =>
      rawRequest(door.address, {
        method: 'POST',
        path: '/v1/drives',
        token: user.accessToken,
        headers: { 'content-type': 'application/json' },
        body,
      }),
  },
  { why: 'of frames that are none', code: 'invalid_argument', send: (body) => put(chunks(), user.accessToken, body) },
];

describe.each(bodies)('a large body sent %s', (_how, body) => {
  test.each(refusals)('$why: the problem arrives, every time', async ({ code, send }) => {
    for (let times = 0; times < 10; times += 1) expect([times, (await send(body())).code]).toEqual([times, code]);
  });
});

test('the typed client throws the problem, and its connections serve the next call', async () => {
  const transport = httpTransport(door.address, { maxSockets: 2 });
  const options = { transport, token: async () => user.accessToken };
  const client = createClient({ ...options, retry: { attempts: 1 } });
  // A gateway may close the connection of a body that it has not read, just when the next call begins to use it.
  const next = createClient({ ...options, retry: { attempts: 2 } });
  const call = { params: { drive: user.drive.drive }, query: { uploadId: newId(parseUploadId) } };
  for (let times = 0; times < 10; times += 1) {
    await expect(client.stream(routes.putChunks, { ...call, body: () => stream(8) })).rejects.toMatchObject({ code: 'invalid_argument' });
    expect((await next.call(routes.listDrives)).items).toHaveLength(1);
  }
  transport.close();
});
