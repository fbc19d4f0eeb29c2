import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createClient, httpTransport, type Client } from '@driftbox/api-client';
import { runProgram } from '@driftbox/cli';
import { routes } from '@driftbox/protocol';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startOpenbao, type RunningOpenbao } from '../components/servers/openbao.ts';
import { serviceKeyOf } from '../src/add-tenant.ts';
import { logInByApi, putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openServer, type OpenServer } from '../src/open-server.ts';

let folder: string;
let bao: RunningOpenbao;
let server: OpenServer;
let ada: ApiUser;
let serviceKey: string;
const files = new Map<string, Buffer>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'driftbox-keys-'));
  bao = await startOpenbao(folder);
  const { url, token } = bao.openbao;
  const tokenFile = path.join(folder, 'token');
  await writeFile(tokenFile, token);
  const init = { method: 'POST', headers: { 'X-Vault-Token': token }, body: JSON.stringify({ derived: true }) };
  expect((await fetch(`${url}/v1/transit/keys/driftbox`, init)).status).toBe(200);
  const settings = { DRIFTBOX_TRANSIT_URL: url, DRIFTBOX_TRANSIT_TOKEN_FILE: tokenFile, DRIFTBOX_TRANSIT_TIMEOUT: '1s' };
  server = await openServer({ DRIFTBOX_INTERNAL_PORT: '0', ...settings });
  serviceKey = await serviceKeyOf(server.dataFolder);
  ada = await signUpByApi(server.address, 'ada');
  await put('first');
}, 60_000);
afterAll(async () => {
  await server?.close();
  await bao?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function put(name: string): Promise<void> {
  const bytes = randomBytes(5_000);
  await putFiles(ada, [{ name, bytes }]);
  files.set(name, bytes);
}

async function readAll(client = ada.client): Promise<void> {
  const { drive, rootId } = ada.drive;
  const { items } = await client.call(routes.listDescendants, { params: { drive, entry: rootId }, query: { limit: 1_000 } });
  expect(items.map(({ name }) => name).sort()).toEqual([...files.keys()].sort());
  for (const { entryId, name } of items) {
    const answer = await client.stream(routes.getContent, { params: { drive, entry: entryId } });
    expect((await buffer(answer.body)).equals(files.get(name) ?? Buffer.alloc(0))).toBe(true);
  }
}

/** Somebody who takes the first answer. */
function impatient({ accessToken }: ApiUser): Client {
  return createClient({ transport: httpTransport(server.address), token: () => Promise.resolve(accessToken), retry: { attempts: 1 } });
}

async function keys(...args: string[]) {
  let [out, errors] = ['', ''];
  const code = await runProgram(['admin', 'keys', ...args, '--server', server.process().internal?.['upload'] ?? '', '--json'], {
    env: { DRIFTBOX_SERVICE_KEY: serviceKey },
    signal: new AbortController().signal,
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (errors += text) },
  });
  return { code, answer: out === '' ? undefined : JSON.parse(out), errors };
}

test('the command rotates both kinds of keys, and everything that was stored before and between is read', async () => {
  expect(await keys()).toMatchObject({ code: 0, answer: { current: 1, usable: [1], dataKeys: 1, wrappedUnder: [{ keyGeneration: 1 }] } });
  expect(await keys('rotate', '--dry-run')).toMatchObject({ code: 0, answer: { from: 1, current: 2, dataKeys: 1, dryRun: true } });
  expect(await keys('rotate')).toMatchObject({ code: 0, answer: { from: 1, current: 2, rewrapped: 1, unopened: [] } });
  expect(await keys('rewrap')).toMatchObject({ code: 0, answer: { rewrapped: 0, wrappedUnder: [{ keyGeneration: 2, dataKeys: 1 }] } });
  await put('second');
  const { tid } = JSON.parse(Buffer.from(ada.accessToken.split('.')[1] ?? '', 'base64url').toString()) as { tid: string };
  expect(await keys('rotate', '--tenant', tid)).toMatchObject({ code: 0, answer: { from: 1, generation: 2 } });
  await put('third');
  expect(await keys('--tenant', tid)).toMatchObject({ code: 0, answer: { items: [{ packs: 2 }, { packs: 1, keyGeneration: 2 }] } });
  expect(await keys('retire', '2')).toMatchObject({ code: 2, errors: expect.stringContaining('in use') });
  expect(await keys('retire', '1')).toMatchObject({ code: 0, answer: { retired: [1], usable: [2] } });
  await readAll();
});

test('killed while people work: who is known goes on; begun without it, nothing opens; once it is back, all of it', async () => {
  await bao.kill();
  await put('fourth');
  await readAll();
  await server.process().stop();
  await server.restart();
  ada = await logInByApi(server.address, ada, 'again');
  await expect(readAll(impatient(ada))).rejects.toMatchObject({ code: 'unavailable' });
  await bao.start();
  await readAll();
  await put('fifth');
  await readAll();
}, 60_000);
