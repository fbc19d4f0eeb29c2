import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signServiceToken } from '@driftbox/service-kit';
import { createTestDatabase, freePorts, temporaryFolder, waitFor, type TemporaryFolder, type TestDatabase } from '@driftbox/testkit';
import { serviceKey } from './testing/world.ts';

const tenant = '77777777-7777-4777-8777-777777777777';
const main = path.join(import.meta.dirname, 'main.ts');
let db: TestDatabase;
let folder: TemporaryFolder;
let running: ChildProcess | undefined;

beforeAll(async () => {
  db = await createTestDatabase({ service: 'auth', migrations: new URL('../migrations/', import.meta.url) });
  folder = await temporaryFolder();
});
afterAll(async () => {
  if (running?.exitCode === null) running.kill('SIGKILL');
  await db.drop();
  await folder.remove();
});

function start(env: Record<string, string>, output: 'pipe' | number = 'pipe'): ChildProcess {
  running = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', output, 'pipe'] });
  return running;
}

function settings(): Record<string, string> {
  const { user, host, port, database } = db.connectionOf('auth');
  return {
    DRIFTBOX_PORT: '0',
    DRIFTBOX_INTERNAL_PORT: '0',
    DRIFTBOX_AUTH_DATABASE_URL: `postgresql://${user}@/${database}?host=${encodeURIComponent(host ?? '')}&port=${port}`,
    DRIFTBOX_SERVICE_KEY: serviceKey,
    DRIFTBOX_SIGNING_KEY_SECRET: 'a secret of at least thirty-two bytes!!',
    DRIFTBOX_DEFAULT_TENANT: tenant,
    DRIFTBOX_MAIL_FOLDER: path.join(folder.path, 'mails'),
  };
}

test('the process serves, mails into a folder, and stops when told to', async () => {
  const child = start(settings());
  const ports = new Promise<{ port: number; internalPort: number }>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const entry = JSON.parse(line) as { msg: string; port: number; internalPort: number };
      if (entry.msg === 'listening') resolve(entry);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
  const { port, internalPort } = await ports;
  const admin = await signServiceToken(serviceKey, { caller: 'admin' });
  const send = (at: number, method: string, route: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${at}${route}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const intent = { tenantId: tenant, name: 'Acme', hosts: [], signUp: 'open' };
  const route = `/admin/v1/auth/tenants/${tenant}`;
  expect((await send(port, 'PUT', route, intent, { authorization: `Bearer ${admin}` })).status).toBe(404);
  expect((await send(internalPort, 'PUT', route, intent, { authorization: `Bearer ${admin}` })).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${internalPort}/readyz`)).status).toBe(200);
  const person = {
    email: 'ada@example.com',
    password: 'correct horse battery',
    displayName: 'Ada',
    device: { name: 'x', kind: 'cli' },
  };
  const joined = await send(port, 'POST', '/v1/signup', person);
  expect(joined.status).toBe(201);
  const { accessToken } = (await joined.json()) as { accessToken: string };
  expect((await fetch(`http://127.0.0.1:${port}/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } })).status).toBe(200);
  await waitFor(async () => (await readdir(path.join(folder.path, 'mails')).catch(() => [])).some((name) => name.endsWith('.eml')), {
    deadlineMs: 10_000,
  });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
}, 30_000);

// Linux has a file on which the disk is always full.
(process.platform === 'linux' ? test : test.skip)(
  'the process serves on while its log is on a full disk, and counts what is lost',
  async () => {
    const [port = 0, internalPort = 0] = await freePorts(2);
    const full = await open('/dev/full', 'w');
    const child = start({ ...settings(), DRIFTBOX_PORT: String(port), DRIFTBOX_INTERNAL_PORT: String(internalPort) }, full.fd);
    await full.close();
    const ask = (at: number, route: string): Promise<Response> => fetch(`http://127.0.0.1:${at}${route}`);
    await waitFor(async () => (await ask(internalPort, '/readyz').catch(() => undefined))?.ok, { deadlineMs: 20_000 });
    const lost = async (): Promise<number> => {
      const page = await (await ask(internalPort, '/metrics')).text();
      return Number(/^driftbox_log_lost_lines_total (\d+)$/m.exec(page)?.[1]);
    };
    for (let count = 0; count < 40; count += 1) expect((await ask(port, '/v1/capabilities')).status).toBe(200);
    await waitFor(async () => (await lost()) > 40);
    expect((await ask(port, '/v1/capabilities')).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  },
  60_000,
);

test('a process that is not configured says everything that is missing', async () => {
  const child = start({ DRIFTBOX_PORT: 'high', DRIFTBOX_SERVICE_KEY: 'short secret' });
  let said = '';
  child.stderr!.on('data', (piece: Buffer) => (said += piece.toString()));
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  for (const name of ['DRIFTBOX_PORT', 'DRIFTBOX_AUTH_DATABASE_URL', 'DRIFTBOX_SERVICE_KEY', 'DRIFTBOX_SIGNING_KEY_SECRET'])
    expect(said).toContain(name);
  expect(said).not.toContain('short secret');
}, 30_000);
