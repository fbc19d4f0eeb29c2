// The unmodified client of tus, through a real NGINX; what a client can send wrong is put into its requests by its own hooks.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { routes } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DetailedError, HttpRequest, UploadOptions } from 'tus-js-client';
import { addTenant } from '../src/add-tenant.ts';
import { signUpByApi, type ApiUser } from '../src/api-user.ts';
import { behindGateway, startGatewayProcess, type GatewayProcess } from '../src/gateway-process.ts';
import { openServer, type OpenServer } from '../src/open-server.ts';
import { rawRequest } from '../src/raw-request.ts';
import type { AddedTenant } from '../src/register-tenant.ts';
import { connectDatabase } from '../src/standalone-database.ts';
import { startTusClient } from '../src/start-tus-client.ts';
import { startTusUpload, type TusUpload } from '../src/tus-upload.ts';

const patience = { deadlineMs: 60_000 };
const logicalBytes = 150_000_000;
let server: OpenServer;
let gateway: GatewayProcess;
let acme: AddedTenant;
let ada: ApiUser;
beforeAll(async () => {
  server = await openServer(behindGateway);
  acme = await addTenant(server, 'acme.test', { limits: { logicalBytes } });
  gateway = await startGatewayProcess(server, ['localhost', '127.0.0.1', acme.host]);
  ada = await signUpByApi(gateway.plain, 'ada', acme.host);
});
afterAll(async () => {
  await gateway?.close();
  await server?.close();
});

function start(name: string, bytes: Buffer, more: Partial<UploadOptions> = {}): TusUpload {
  const headers = { authorization: `Bearer ${ada.accessToken}`, host: acme.host };
  return startTusUpload(gateway.plain, ada, name, bytes, { headers, ...more });
}

async function contentOf(name: string): Promise<Buffer> {
  const { drive } = ada.drive;
  const { entryId } = await ada.client.call(routes.resolvePath, { params: { drive }, query: { path: name } });
  const { items } = await ada.client.call(routes.listRevisions, { params: { drive, entry: entryId } });
  expect(items).toHaveLength(1);
  const at = `/v1/drives/${drive}/entries/${entryId}/content`;
  return (await rawRequest(gateway.plain, { path: at, token: ada.accessToken, headers: { host: acme.host } })).body;
}

const ask = (method: string, url = '', headers: Readonly<Record<string, string>> = {}) =>
  rawRequest(gateway.plain, {
    method,
    path: new URL(url, gateway.plain).pathname,
    token: ada.accessToken,
    headers: { host: acme.host, 'tus-resumable': '1.0.0', ...headers },
  });
const offsetOf = async (url = ''): Promise<number> => Number((await ask('HEAD', url)).headers['upload-offset']);
const inFlightBytes = async (): Promise<number> => (await ada.client.call(routes.getUsage)).user.inFlight;
const refusal = (upload: TusUpload): Promise<{ status: number; code: string }> =>
  upload.done.then(
    () => Promise.reject(new Error('it was not refused')),
    ({ originalResponse: answer }: DetailedError) => ({
      status: answer!.getStatus(),
      code: (JSON.parse(answer!.getBody()) as { readonly code: string }).code,
    }),
  );

/** Changes the first request that carries bytes. */
function inFirstPatch(change: (request: HttpRequest) => void): Partial<UploadOptions> {
  let isFirst = true;
  return {
    onBeforeRequest: (request) => {
      if (!isFirst || request.getMethod() !== 'PATCH') return;
      isFirst = false;
      change(request);
    },
  };
}

test('several files at once arrive whole, and NGINX writes nothing aside', async () => {
  const files = Array.from({ length: 3 }, (_, n) => ({ name: `at once ${n}.bin`, bytes: randomBytes((n + 1) * 5_000_000) }));
  await Promise.all(files.map(({ name, bytes }) => start(name, bytes).done));
  for (const { name, bytes } of files) expect((await contentOf(name)).equals(bytes)).toBe(true);
  expect(await gateway.temporaryFiles()).toEqual([]);
});

test('a new process goes on for a client that was killed, and goes on itself when the server is killed', async () => {
  const bytes = randomBytes(40 * 2 ** 20);
  const file = path.join(server.folder, 'killed.bin');
  await writeFile(file, bytes);
  const task = { address: gateway.plain, drive: ada.drive.drive, token: ada.accessToken, host: acme.host, file, path: 'killed.bin' };
  const first = startTusClient(task);
  await waitFor(() => first.acceptedBytes() > 0, patience);
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  expect(first.acceptedBytes()).toBeLessThan(bytes.length);
  const second = startTusClient({ ...task, uploadUrl: first.url()! });
  const exit = once(second.process, 'exit');
  // What the first sent is not sent again: already the second's first answer is beyond it.
  await waitFor(() => second.acceptedBytes() > 0, patience);
  expect(second.acceptedBytes()).toBeGreaterThan(first.acceptedBytes());
  const acknowledged = second.acceptedBytes();
  expect(acknowledged).toBeLessThan(bytes.length);
  await server.process().kill();
  await server.restart();
  expect(await offsetOf(first.url())).toBeGreaterThanOrEqual(acknowledged);
  expect(await exit).toEqual([0, null]);
  expect((await contentOf('killed.bin')).equals(bytes)).toBe(true);
});

test('a file goes on where it was after NGINX was killed', async () => {
  const bytes = randomBytes(24 << 20);
  let accepted = 0;
  const onChunkComplete = (_size: number, at: number): void => void (accepted = at);
  const upload = start('killed nginx.bin', bytes, { onChunkComplete });
  await waitFor(() => accepted > 0, patience);
  await gateway.nginx.kill();
  await gateway.nginx.start();
  await upload.done;
  expect((await contentOf('killed nginx.bin')).equals(bytes)).toBe(true);
});

test('a client at a wrong offset is told the right one, and goes on from there', async () => {
  const bytes = randomBytes(6_000_000);
  const statuses: number[] = [];
  const upload = start('offset.bin', bytes, {
    ...inFirstPatch((request) => request.setHeader('Upload-Offset', '17')),
    onAfterResponse: (_request, answer) => void statuses.push(answer.getStatus()),
  });
  await upload.done;
  expect(statuses.slice(0, 3)).toEqual([201, 409, 200]);
  expect((await contentOf('offset.bin')).equals(bytes)).toBe(true);
});

test('a piece with a wrong checksum leaves nothing, and the file can come with the right one', async () => {
  const bytes = randomBytes(3_000_000);
  const checksum = (of: Buffer): string => `sha1 ${createHash('sha1').update(of).digest('base64')}`;
  const sent = (value: string) => inFirstPatch((request) => request.setHeader('Upload-Checksum', value));
  const wrong = start('checksum.bin', bytes, sent(checksum(Buffer.from('other bytes'))));
  expect(await refusal(wrong)).toEqual({ status: 460, code: 'checksum_mismatch' });
  expect(await offsetOf(wrong.url())).toBe(0);
  await start('checksum.bin', bytes, { ...sent(checksum(bytes)), uploadUrl: wrong.url()! }).done;
  expect((await contentOf('checksum.bin')).equals(bytes)).toBe(true);
});

test('an upload that has expired is not found; the client begins the file anew', async () => {
  const bytes = randomBytes(9_000_000);
  let accepted = 0;
  const first = start('expired.bin', bytes, {
    onChunkComplete: (_size, at) => {
      accepted = at;
      // Between two requests: one that is under way would renew the upload after it was made to expire.
      first.abandon();
    },
  });
  await waitFor(() => accepted > 0, patience);
  const url = first.url()!;
  const { headers } = await ask('HEAD', url);
  expect(Date.parse(String(headers['upload-expires']))).toBeGreaterThan(Date.now());
  const database = await connectDatabase(server.dataFolder);
  // A day is long for a test.
  const { rowCount } = await database.query("UPDATE upload.uploads SET expires_at = now() - interval '1 s' WHERE upload_id = $1", [
    url.split('/').at(-1),
  ]);
  await database.end();
  expect(rowCount).toBe(1);
  expect((await ask('HEAD', url)).status).toBe(404);
  const second = start('expired.bin', bytes, { uploadUrl: url });
  await second.done;
  expect(second.url()).not.toBe(url);
  expect((await contentOf('expired.bin')).equals(bytes)).toBe(true);
});

test('a file beyond the quota is refused before its first byte, and keeps no room', async () => {
  const before = await inFlightBytes();
  const upload = start('too much.bin', Buffer.alloc(logicalBytes), { retryDelays: [] });
  expect(await refusal(upload)).toEqual({ status: 507, code: 'quota_exceeded' });
  expect(upload.url()).toBeUndefined();
  expect(await inFlightBytes()).toBe(before);
  await start('little.bin', Buffer.from('fits')).done;
});
