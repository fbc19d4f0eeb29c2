import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import http, { type Agent } from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { makeCertificate, temporaryFolder, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CertificateFiles } from './certificate-files.ts';
import { reply } from './reply.ts';
import { handle } from './route-request.ts';
import type { Service } from './service.ts';
import { createWorld, hello } from './testing/world.ts';

let folder: TemporaryFolder;
let service: Service;
let troubles: unknown[];
beforeEach(async () => {
  folder = await temporaryFolder();
  troubles = [];
});
afterEach(async () => {
  await service.stop();
  await folder.remove();
});

/** A pair of its own, in text. */
async function pair(name: string): Promise<{ readonly cert: string; readonly key: string }> {
  const own = path.join(folder.path, name);
  await mkdir(own);
  const { cert, key } = await makeCertificate(own, 'DNS:cell-upload');
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
}

/** Puts a Secret in the place of the one before as a kubelet does: by one link that all files lead through. */
async function putVolume(revision: string, files: { readonly cert: string; readonly key: string }): Promise<void> {
  const volume = path.join(folder.path, 'volume');
  await mkdir(path.join(volume, revision), { recursive: true });
  await writeFile(path.join(volume, revision, 'tls.crt'), files.cert);
  await writeFile(path.join(volume, revision, 'tls.key'), files.key);
  await symlink(revision, path.join(volume, 'next'));
  await rename(path.join(volume, 'next'), path.join(volume, '..data'));
  for (const name of ['tls.crt', 'tls.key']) await symlink(`..data/${name}`, path.join(volume, name)).catch(() => undefined);
}

async function serve(): Promise<number> {
  const files = { certificate: path.join(folder.path, 'volume/tls.crt'), key: path.join(folder.path, 'volume/tls.key') };
  const certificate = await CertificateFiles.open(files, { everyMs: 10, onError: (error) => troubles.push(error) });
  const upgrade = (_request: unknown, socket: { end(text: string): void }): void =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  ({ service } = createWorld([handle(hello, () => reply({ body: Buffer.from('hello') }))], { upgrade }));
  return (await service.listen({ host: '127.0.0.1', port: 0, certificate })).port;
}

type More = Pick<https.RequestOptions, 'agent' | 'maxVersion' | 'servername'> & { readonly headers?: Readonly<Record<string, string>> };

/** The status of an answer, or why there is none; `agent` keeps connections. */
function ask(port: number, ca: string, more: More = {}): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const headers = { host: 'acme.test', ...more.headers };
  const options = { host: '127.0.0.1', port, path: '/v1/hello', servername: 'cell-upload', ca, agent: false as const, ...more, headers };
  https
    .get(options, (answer) => answer.resume().once('end', () => resolve(answer.statusCode)))
    .on('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      resolve(statusCode);
    })
    .on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  return promise;
}

test('a certificate that is put in the place of another is shown to new callers, and who is connected stays so', async () => {
  const [first, second] = [await pair('first'), await pair('second')];
  await putVolume('..1', first);
  const port = await serve();
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  const kept = (): Promise<unknown> => ask(port, first.cert, { agent });
  expect(await kept()).toBe(200);
  const sockets = (): unknown[] => Object.values((agent as Agent).freeSockets).flat();
  await waitFor(() => sockets().length === 1, { what: 'a connection that is kept' });
  const [socket] = sockets();

  await putVolume('..2', second);
  await waitFor(async () => (await ask(port, second.cert)) === 200, { what: 'the second certificate' });
  expect(await ask(port, first.cert)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(await kept()).toBe(200);
  await waitFor(() => sockets().length === 1, { what: 'the connection to be free again' });
  expect(sockets()).toEqual([socket]);

  await putVolume('..3', { cert: first.cert, key: second.key });
  await waitFor(() => troubles.length > 1, { what: 'the look at a key of another' });
  expect(String(troubles[0])).toContain('key values mismatch');
  expect(await ask(port, second.cert)).toBe(200);
  agent.destroy();
});

test('it is spoken by TLS 1.3 alone, sockets too', async () => {
  const only = await pair('only');
  await putVolume('..1', only);
  const port = await serve();
  expect(await ask(port, only.cert, { headers: { connection: 'Upgrade', upgrade: 'websocket' } })).toBe(101);
  expect(await ask(port, only.cert, { maxVersion: 'TLSv1.2' })).toMatch(/EPROTO|ECONNRESET/);
  expect(await ask(port, only.cert, { servername: 'cell-auth' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  const { promise: plain, resolve } = Promise.withResolvers<string>();
  http.get({ host: '127.0.0.1', port, agent: false }, () => resolve('answered')).on('error', () => resolve('refused'));
  expect(await plain).toBe('refused');
});
