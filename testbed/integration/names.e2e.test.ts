import { routes } from '@driftbox/protocol';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newFile, signUpByApi, type ApiUser } from '../src/api-user.ts';
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

const put = (path: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  rawRequest(door.address, {
    method: 'PUT',
    path: `/v1/drives/${user.drive.drive}/files/${path}`,
    token: user.accessToken,
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body: Buffer.from('content'),
  });

const commit = async (name: string): Promise<{ code: string }> => {
  const body = { driveEpoch: user.drive.driveEpoch, operations: [newFile(user.drive, name, undefined)] };
  const { outcomes } = await user.client.call(routes.postCommit, { params: { drive: user.drive.drive }, body });
  return { code: outcomes[0]!.outcome };
};

describe('a name in a commit', () => {
  test.each(['.', '..', 'a/b', '/', 'a\0b', 'x'.repeat(256), 'é'.repeat(128), '\ud800', 'x'.repeat(1024)])('%j is refused', (name) =>
    assertRefused(user, 'invalid_argument', () => commit(name)),
  );

  test('of invalid UTF-8 is refused', async () => {
    const text = JSON.stringify({ driveEpoch: user.drive.driveEpoch, operations: [newFile(user.drive, 'NAME', undefined)] });
    const [before = '', after = ''] = text.split('NAME');
    const body = Buffer.concat([Buffer.from(before), Buffer.from([0x61, 0xff, 0xfe]), Buffer.from(after)]);
    const path = `/v1/drives/${user.drive.drive}/commits`;
    const headers = { 'content-type': 'application/json' };
    await assertRefused(user, 'invalid_argument', () =>
      rawRequest(door.address, { method: 'POST', path, token: user.accessToken, headers, body }),
    );
  });

  test('may have 255 bytes, and odd characters', async () => {
    for (const name of ['x'.repeat(255), `${'é'.repeat(127)}x`, '...', 'a\\b', ' ', '%2e%2e', 'new\nline', '\u202ecod.exe'])
      expect([name, await commit(name)]).toEqual([name, { code: 'committed' }]);
  });

  test('written in two ways is one name', async () => {
    expect(await commit('Cafe\u0301')).toEqual({ code: 'committed' });
    await assertRefused(user, 'name_taken', () => commit('Caf\u00e9'));
    const found = await user.client.call(routes.resolvePath, { params: { drive: user.drive.drive }, query: { path: 'Cafe\u0301' } });
    expect(found.name).toBe('Caf\u00e9');
  });
});

describe('a path in a URL', () => {
  test.each(['../escape', 'a/../../escape', '%2e%2e/escape', '..', '%2e', 'a%00b', 'a//b', '%ff%fe', '%', 'x'.repeat(256), '%ed%a0%80'])(
    '%s is refused',
    async (path) => {
      // A gateway does not pass on what can be read in two ways.
      await assertRefused(user, ['invalid_argument', 'not_found'], () => put(path));
    },
  );

  test('deeper than 128 levels is refused', () => assertRefused(user, 'invalid_argument', () => put('d/'.repeat(128) + 'file')));
  test('of a missing folder is not found', () => assertRefused(user, 'not_found', () => put('nowhere/file')));

  test('cannot climb out of the API', async () => {
    for (const path of ['/v1/../internal/v1/health', '/v1/%2e%2e/admin/v1/x', '//v1/me', '/v1/me/..', '/v1/me%2f..']) {
      const { status } = await rawRequest(door.address, { path, token: user.accessToken });
      expect([path, status]).toEqual([path, 404]);
    }
  });

  test('is taken in either form of Unicode', async () => {
    expect((await put('Zu%CC%88rich.txt')).status).toBe(201);
    expect((await put('Z%C3%BCrich.txt')).status).toBe(200);
    await assertRefused(user, 'name_taken', () => put('Z%C3%BCrich.txt', { 'if-none-match': '*' }));
  });
});
