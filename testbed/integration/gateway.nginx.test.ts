import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connectHints, createClient } from '@driftbox/api-client';
import { routes, type Entry, type Head } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addTenant } from '../src/add-tenant.ts';
import type { AddedTenant } from '../src/register-tenant.ts';
import { hostTransport, putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { differences } from '../src/compare-files.ts';
import { behindGateway, startGatewayProcess, type GatewayProcess } from '../src/gateway-process.ts';
import { openServer, type OpenServer } from '../src/open-server.ts';
import { rawRequest, type RawAnswer } from '../src/raw-request.ts';
import { createCli } from '../src/run-cli.ts';
import { worldPassword } from '../src/world.ts';

let server: OpenServer;
let gateway: GatewayProcess;
let acme: AddedTenant;
let ada: ApiUser;
beforeAll(async () => {
  server = await openServer(behindGateway);
  acme = await addTenant(server, 'acme.test');
  gateway = await startGatewayProcess(server, ['localhost', '127.0.0.1', 'acme.test', 'slow.test']);
  ada = await signUpByApi(gateway.plain, 'ada', acme.host);
}, 60_000);
afterAll(async () => {
  await gateway?.close();
  await server?.close();
});

const ask = (request: Parameters<typeof rawRequest>[1], host = acme.host): Promise<RawAnswer> =>
  rawRequest(gateway.plain, { ...request, headers: { host, ...request.headers } });
const put = (name: string, body: Uint8Array): Promise<RawAnswer> =>
  ask({
    method: 'PUT',
    path: `/v1/drives/${ada.drive.drive}/files/${name}`,
    token: ada.accessToken,
    headers: { 'content-type': 'application/octet-stream' },
    body,
  });

test('the command line puts a tree through TLS and gets it back as it was, and NGINX writes nothing aside', async () => {
  const tree = path.join(server.folder, 'tree');
  await mkdir(path.join(tree, 'inner'), { recursive: true });
  await writeFile(path.join(tree, 'big.bin'), randomBytes(40 << 20));
  for (let at = 0; at < 50; at += 1) await writeFile(path.join(tree, 'inner', `${at} ümläut.txt`), randomBytes(at * 100));
  const password = path.join(server.folder, 'password');
  await writeFile(password, `${worldPassword}\n`, { mode: 0o600 });
  const cli = createCli(path.join(server.folder, 'config'), { NODE_EXTRA_CA_CERTS: gateway.certificateFile });
  const { invitation } = server.process();
  await cli.must(
    'signup',
    '--server',
    gateway.tls,
    '--email',
    'cli@example.com',
    '--name',
    'Cli',
    '--password-file',
    password,
    '--invitation',
    invitation!,
  );
  await cli.must('put', tree, '/tree');
  await cli.must('get', '/tree', path.join(server.folder, 'copy'));
  expect(await differences(tree, path.join(server.folder, 'copy'))).toBe('');
  expect(await gateway.temporaryFiles()).toEqual([]);
  expect(await gateway.complaints()).toBe('');
});

test('hints come through a websocket', async () => {
  const told: Head[] = [];
  const eve = await signUpByApi(gateway.plain, 'eve');
  const hints = connectHints({
    address: gateway.plain,
    token: async () => eve.accessToken,
    onHint: (head) => void told.push(head),
    onDrivesChanged: () => {},
  });
  try {
    await waitFor(() => told.length > 0);
    const { seq } = told.at(-1)!;
    await putFiles(eve, [{ name: 'hinted.txt', bytes: Buffer.from('x') }]);
    await waitFor(() => told.some((head) => head.seq > seq));
  } finally {
    await hints.close();
  }
});

test('content is served as its service meant it, in ranges too', async () => {
  const bytes = randomBytes(3_000_000);
  const { entryId } = JSON.parse((await put('page.html', bytes)).body.toString()) as Entry;
  const { path: url } = await ada.client.call(routes.createContentUrl, {
    params: { drive: ada.drive.drive, entry: entryId },
    body: { disposition: 'inline' },
  });
  const whole = await ask({ path: url });
  expect(createHash('sha256').update(whole.body).digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(whole.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'content-disposition': expect.stringMatching(/^attachment; filename="page.html"/),
  });
  const part = await ask({ path: url, headers: { range: 'bytes=5-9' } });
  expect([part.status, part.headers['content-range'], part.body.equals(bytes.subarray(5, 10))]).toEqual([
    206,
    `bytes 5-9/${bytes.length}`,
    true,
  ]);
  expect((await ask({ path: url }, '127.0.0.1')).code).toBe('not_found');
});

describe('a sign-in', () => {
  test('ends within 5 s of signing out, also where only the gateway is asked', async () => {
    const client = createClient({ transport: hostTransport(gateway.plain, acme.host) });
    const device = { name: 'brief', kind: 'other' as const };
    const { accessToken } = await client.call(routes.logIn, { body: { email: ada.email, password: worldPassword, device } });
    const asked = () => rawRequest(gateway.verify, { path: '/verify', token: accessToken, headers: { host: acme.host } });
    expect((await asked()).status).toBe(204);
    await client.call(routes.logOut, { token: async () => accessToken });
    await waitFor(async () => (await asked()).status === 401, { deadlineMs: 5_000, what: 'the end of the session' });
  });

  test('by an app password works for scripts, through every service', async () => {
    const { secret } = await ada.client.call(routes.createAppPassword, { body: { name: 'script', scope: 'read' } });
    const authorization = `Basic ${Buffer.from(`${ada.email}:${secret}`).toString('base64')}`;
    for (const route of ['/v1/me', '/v1/drives', '/v1/changes/wait'])
      expect((await ask({ path: route, headers: { authorization } })).status).toBe(200);
    const write = await ask({
      method: 'PUT',
      path: `/v1/drives/${ada.drive.drive}/files/x`,
      headers: { authorization },
      body: Buffer.from('x'),
    });
    expect(write.code).toBe('permission_denied');
    const wrong = `Basic ${Buffer.from(`${ada.email}:${secret.slice(1)}x`).toString('base64')}`;
    expect((await ask({ path: '/v1/drives', headers: { authorization: wrong } })).code).toBe('unauthenticated');
  });
});

test("a tenant's rate is what its administrator said, and changes while people call", async () => {
  const limits = { requestsPerSecond: 1, requestBurst: 2 };
  const slow = await addTenant(server, 'slow.test', { limits });
  const bob = await signUpByApi(gateway.plain, 'bob', slow.host);
  const drives = () => ask({ path: '/v1/drives', token: bob.accessToken }, slow.host);
  const refused = await waitFor(async () => {
    const answer = await drives();
    return answer.status === 429 ? answer : undefined;
  });
  expect([refused.code, refused.headers['retry-after']]).toEqual(['rate_limited', '1']);
  await addTenant(server, slow.host, { tenantId: slow.tenantId });
  await waitFor(async () => (await Promise.all([drives(), drives(), drives(), drives()])).every(({ status }) => status === 200), {
    deadlineMs: 15_000,
  });
});

test("the service's log line and the gateway's are of one request", async () => {
  const answer = await ask({ path: '/v1/drives', token: ada.accessToken });
  const id = answer.headers['x-request-id'];
  const line = await waitFor(async () => (await gateway.accessLines()).find(({ requestId }) => requestId === id));
  expect(line).toMatchObject({ route: '/v1/drives', tenantId: acme.tenantId, upstreamStatus: '200' });
});

// Last: nothing behind the gateway answers afterwards.
test('with everything behind it gone, tokens are checked as before, and people are told to come again', async () => {
  const asked = (token: string) => rawRequest(gateway.verify, { path: '/verify', token, headers: { host: acme.host } });
  await server.process().kill();
  expect((await asked(ada.accessToken)).status).toBe(204);
  expect((await asked(`${ada.accessToken}x`)).status).toBe(401);
  const answer = await ask({ path: '/v1/drives', token: ada.accessToken });
  expect([answer.code, answer.headers['retry-after']]).toEqual(['unavailable', '1']);
  expect((await ask({ path: '/v1/drives' })).code).toBe('unauthenticated');
});
