import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { routes } from '@driftbox/protocol';
import { makeCertificate, temporaryFolder, waitFor } from '@driftbox/testkit';
import { afterEach, describe, expect } from '@jest/globals';
import { putFiles, signUpByApi } from '../src/api-user.ts';
import { openServer, type OpenServer } from '../src/open-server.ts';
import { rawRequest } from '../src/raw-request.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';
import { startStandaloneProcess, type StartFailed } from '../src/standalone-process.ts';

const ownServerTest = testThatNeeds('ownServer');
let server: OpenServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const failureOf = (dataFolder: string, env: Record<string, string> = {}): Promise<StartFailed> =>
  startStandaloneProcess(dataFolder, env).then(
    async (started) => {
      await started.stop();
      throw new Error('it started');
    },
    (error: StartFailed) => error,
  );

ownServerTest('a data folder has one server: the second is refused, and the first goes on', async () => {
  server = await openServer();
  const refused = await failureOf(server.dataFolder);
  expect(refused.exitCode).toBe(1);
  expect(refused.message).toContain(`another DriftBox is running on ${server.dataFolder}: stop it first`);
  expect((await rawRequest(server.address, { path: '/v1/capabilities' })).status).toBe(200);
});

ownServerTest('killed at any moment, it starts again with all that was acknowledged, its old PostgreSQL still running', async () => {
  server = await openServer();
  const user = await signUpByApi(server.address, 'ada');
  const names: string[] = [];
  let killing = false;
  const writing = (async () => {
    for (let index = 0; !killing; index += 1) {
      const name = `f${index}`;
      await putFiles(user, [{ name, bytes: randomBytes(5_000) }]).then(() => names.push(name));
    }
  })().catch(() => {});
  await waitFor(() => names.length >= 20, { what: 'twenty files', deadlineMs: 20_000 });
  await server.process().kill();
  killing = true;
  await server.restart();
  await writing;
  const { items } = await user.client.call(routes.listChildren, {
    params: { drive: user.drive.drive, entry: user.drive.rootId },
    query: { limit: 1000 },
  });
  expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  for (const { entryId } of items) {
    const content = `/v1/drives/${user.drive.drive}/entries/${entryId}/content`;
    expect((await rawRequest(server.address, { path: content, token: user.accessToken })).body).toHaveLength(5_000);
  }
});

ownServerTest('told to stop, it takes nobody new, lets an upload in flight complete, and ends with 0', async () => {
  server = await openServer();
  const user = await signUpByApi(server.address, 'ada');
  const { hostname, port } = new URL(server.address);
  const half = randomBytes(300_000);
  const sent = http.request({
    hostname,
    port,
    method: 'PUT',
    path: `/v1/drives/${user.drive.drive}/files/slow.bin`,
    headers: { authorization: `Bearer ${user.accessToken}`, 'content-type': 'application/octet-stream', expect: '100-continue' },
  });
  const answered = once(sent, 'response') as Promise<[http.IncomingMessage]>;
  sent.flushHeaders();
  await once(sent, 'continue');
  sent.write(half);
  const stopped = server.process().stop();
  await waitFor(() => isRefused(Number(port), hostname), { what: 'the end of accepting' });
  sent.end(half);
  const [answer] = await answered;
  expect(answer.resume().statusCode).toBe(201);
  expect(await stopped).toBe(0);
  await server.restart();
  const found = await user.client.call(routes.resolvePath, { params: { drive: user.drive.drive }, query: { path: 'slow.bin' } });
  expect(found).toMatchObject({ kind: 'file', sizeBytes: 600_000 });
});

function isRefused(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    socket.once('connect', () => resolve(socket.destroy() && false)).once('error', () => resolve(true));
  });
}

describe('an address that others reach', () => {
  ownServerTest('is refused in plain HTTP', async () => {
    const folder = await temporaryFolder();
    const refused = await failureOf(folder.path, { DRIFTBOX_ADDRESS: '0.0.0.0' });
    expect(refused.exitCode).toBe(1);
    expect(refused.message).toContain('passwords would cross the network in plain');
    await folder.remove();
  });

  testThatNeeds('ownServer', 'openssl')('is served with TLS', async () => {
    const folder = await temporaryFolder();
    const { cert, key } = await makeCertificate(folder.path);
    server = await openServer({ DRIFTBOX_ADDRESS: '0.0.0.0', DRIFTBOX_TLS_CERT: cert, DRIFTBOX_TLS_KEY: key });
    const { port, protocol } = new URL(server.address);
    expect(protocol).toBe('https:');
    const asked = https.get({ hostname: '127.0.0.1', port, path: '/v1/capabilities', ca: await readFile(cert), agent: false });
    const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
    expect(answer.resume().statusCode).toBe(200);
    await folder.remove();
  });
});

ownServerTest('the public port has the join page, and no internal or administrative route', async () => {
  server = await openServer();
  const { address } = server;
  expect(server.process().invitation).toMatch(/^.{16,}$/);
  const join = await rawRequest(address, { path: '/join' });
  expect([join.status, join.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(join.headers['content-security-policy']).toContain("default-src 'none'");
  const hidden = Object.values(routes).filter(({ path: where }) => !/^\/(v1|\.well-known)\//.test(where));
  expect(hidden.length).toBeGreaterThan(3);
  for (const { method, path: pattern } of hidden) {
    const where = pattern.replaceAll(/:\w+/g, '01a20b69-6b50-79f6-a2de-eaed5c0ea448');
    const answer = await rawRequest(address, { method, path: where, headers: { 'content-type': 'application/json' } });
    expect([method, where, answer.status, answer.code]).toEqual([method, where, 404, 'not_found']);
  }
  for (const where of ['/metrics', '/healthz', '/livez', '/readyz']) expect((await rawRequest(address, { path: where })).status).toBe(404);
});
