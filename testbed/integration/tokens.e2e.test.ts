import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createClient, httpTransport } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';
import { rawRequest } from '../src/raw-request.ts';
import { assertRefused } from '../src/refusal.ts';
import { worldPassword } from '../src/world.ts';

let door: OpenDoor;
let user: ApiUser;
beforeAll(async () => {
  door = await openDoor();
  user = await signUpByApi(door.address, 'ada');
});
afterAll(() => door?.close());

type Json = Readonly<Record<string, unknown>>;
const encode = (part: Json): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const part = (token: string, index: number): Json => JSON.parse(Buffer.from(token.split('.')[index]!, 'base64url').toString()) as Json;
const stranger = generateKeyPairSync('ed25519').privateKey;

/** The user's own token with other words in it, signed by `key`. */
function forge(header: Json, claims: Json, key: KeyObject = stranger): string {
  const text = `${encode({ ...part(user.accessToken, 0), ...header })}.${encode({ ...part(user.accessToken, 1), ...claims })}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

function unsigned(): string {
  return `${encode({ ...part(user.accessToken, 0), alg: 'none' })}.${user.accessToken.split('.')[1]}.`;
}

const putForged = (token: string) =>
  rawRequest(door.address, {
    method: 'PUT',
    path: `/v1/drives/${user.drive.drive}/files/forged.txt`,
    token,
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from('forged'),
  });

describe('an access token', () => {
  test.each<[string, () => string]>([
    ['is signed by another key under the known name', () => forge({}, {})],
    ['is signed by a key nobody knows', () => forge({ kid: randomUUID() }, {})],
    ['is of another tenant', () => forge({}, { tid: randomUUID() })],
    ['has expired', () => forge({}, { exp: 1_700_000_000 })],
    ['is not signed', unsigned],
    ['claims a symmetric signature', () => forge({ alg: 'HS256' }, {})],
    ['has other claims under its old signature', () => withClaims({ role: 'owner' })],
    ['belongs to another user under its old signature', () => withClaims({ sub: randomUUID() })],
    ['is cut off', () => user.accessToken.slice(0, -4)],
    ['is no token', () => 'x.y.z'],
    ['is long', () => 'x'.repeat(10_000)],
    ['is empty', () => ''],
  ])('that %s is refused', (_what, token) => assertRefused(user, 'unauthenticated', () => putForged(token())));

  test('that is right is taken after all these', async () => {
    await putFiles(user, [{ name: 'right.txt', bytes: Buffer.from('right') }]);
  });

  test('names who may read: a drive of somebody else is not found', async () => {
    const bob = await signUpByApi(door.address, 'bob');
    await assertRefused(user, 'not_found', () => bob.client.call(routes.getDrive, { params: { drive: user.drive.drive } }));
    await assertRefused(user, 'not_found', () => putForged(bob.accessToken));
  });

  function withClaims(claims: Json): string {
    const [header, , signature] = user.accessToken.split('.');
    return `${header}.${encode({ ...part(user.accessToken, 1), ...claims })}.${signature}`;
  }
});

describe('a refresh token', () => {
  const transport = () => httpTransport(door.address);
  const refresh = (refreshToken: string) => createClient({ transport: transport() }).call(routes.refreshToken, { body: { refreshToken } });

  test('used twice ends its whole family, and a new sign-in works', async () => {
    const client = createClient({ transport: transport() });
    const body = { email: user.email, password: worldPassword, device: { name: 'test', kind: 'other' as const } };
    const first = await client.call(routes.logIn, { body });
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.refreshToken);
    await assertRefused(user, 'unauthenticated', () => refresh(first.refreshToken));
    await assertRefused(user, 'unauthenticated', () => refresh(third.refreshToken));
    // Replicas hear of it one after the other.
    await waitFor(async () => (await putForged(third.accessToken)).code === 'unauthenticated', {
      deadlineMs: 10_000,
      what: 'the end of the family',
    });
    const again = await client.call(routes.logIn, { body });
    // 201, unless a replica took the one before while it had not heard.
    expect([200, 201]).toContain((await putForged(again.accessToken)).status);
  });

  test('that nobody gave out is refused', () => assertRefused(user, 'unauthenticated', () => refresh('x'.repeat(43))));
});
