import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient, httpTransport } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openServer, type OpenServer } from '../src/open-server.ts';
import { rawRequest } from '../src/raw-request.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';
import { createCli, type Cli } from '../src/run-cli.ts';
import { worldPassword } from '../src/world.ts';

const ownServerTest = testThatNeeds('ownServer');
/** Long enough to sign up and look around, short enough to wait for. */
const lifeSeconds = 2;
let server: OpenServer;
let user: ApiUser;
let cli: Cli;
beforeAll(async () => {
  server = await openServer({ DRIFTBOX_ACCESS_TOKEN_SECONDS: String(lifeSeconds) });
  user = await signUpByApi(server.address, 'ada');
  cli = createCli(configFolder());
});
afterAll(() => server?.close());

const passwordFile = (): string => path.join(server.folder, 'password');
const configFolder = (): string => path.join(server.folder, 'config');
const expiryOf = (token: string): number =>
  (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp: number }).exp * 1000;
const expired = (token: string) => waitFor(() => Date.now() > expiryOf(token) + 50, { deadlineMs: 10_000, what: 'the token to expire' });

describe('an access token that the server itself has signed', () => {
  ownServerTest('is refused by every service once it has expired, and leaves nothing behind', async () => {
    await expired(user.accessToken);
    const { drive } = user.drive;
    const headers = { 'content-type': 'application/octet-stream' };
    const file = `/v1/drives/${drive}/files/late.txt`;
    for (const [method, target] of [
      ['PUT', file],
      ['GET', '/v1/me'],
      ['GET', '/v1/drives'],
      ['GET', `/v1/drives/${drive}/changes`],
    ] as const) {
      const body = method === 'PUT' ? Buffer.from('late') : undefined;
      const answer = await rawRequest(server.address, { method, path: target, token: user.accessToken, headers, ...(body && { body }) });
      expect([target, answer.status, answer.code]).toEqual([target, 401, 'unauthenticated']);
    }
    const client = createClient({ transport: httpTransport(server.address) });
    const again = await client.call(routes.logIn, {
      body: { email: user.email, password: worldPassword, device: { name: 'test', kind: 'other' } },
    });
    const journal = await rawRequest(server.address, { path: `/v1/drives/${drive}/changes`, token: again.accessToken });
    expect(JSON.parse(journal.body.toString())).toMatchObject({ changes: [] });
  });
});

describe('the command line', () => {
  const file = () => path.join(configFolder(), 'credentials.json');
  const stored = async () => JSON.parse(await readFile(file(), 'utf8')) as { accessToken: string; refreshToken: string };

  beforeAll(async () => {
    await writeFile(passwordFile(), worldPassword, { mode: 0o600 });
    const person = ['--email', 'bob@example.com', '--name', 'Bob', '--password-file', passwordFile()];
    await cli.must('signup', '--server', server.address, ...person);
  });

  ownServerTest('renews by itself what has expired', async () => {
    const first = await stored();
    await expired(first.accessToken);
    await cli.must('put', passwordFile(), '/renewed.txt');
    expect((await stored()).refreshToken).not.toBe(first.refreshToken);
  });

  ownServerTest('says so where it cannot', async () => {
    const { accessToken, ...rest } = await stored();
    await expired(accessToken);
    const fixed = createCli(path.join(server.folder, 'nobody'), { DRIFTBOX_TOKEN: accessToken, DRIFTBOX_SERVER: server.address });
    expect(await fixed.run('put', passwordFile(), '/late.txt')).toEqual({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^driftbox: /),
    });
    await writeFile(file(), JSON.stringify({ ...rest, accessToken, refreshToken: 'x'.repeat(43) }));
    expect(await cli.run('ls')).toEqual({ code: 3, stdout: '', stderr: expect.stringMatching(/^driftbox: /) });
    await writeFile(file(), '{"accessToken":');
    expect(await cli.run('ls')).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('is damaged') });
  });
});
