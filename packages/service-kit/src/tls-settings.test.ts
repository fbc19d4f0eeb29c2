import { readFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { makeCertificate, temporaryFolder, type Certificate, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { loadConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { openCertificate, readKnownCell, tlsSettings } from './tls-settings.ts';

let folder: TemporaryFolder;
let files: Certificate;
const servers: net.Server[] = [];
beforeAll(async () => {
  folder = await temporaryFolder();
  files = await makeCertificate(folder.path, 'DNS:localhost');
});
afterEach(() => servers.splice(0).forEach((server) => server.close()));
afterAll(() => folder.remove());

async function listening(server: net.Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return (server.address() as AddressInfo).port;
}

const plain = () => listening(net.createServer((socket) => socket.on('error', () => {})));
const byTls = async () => listening(tls.createServer({ cert: await readFile(files.cert), key: await readFile(files.key) }));
/** A port where nobody is. */
async function nobody(): Promise<number> {
  const port = await plain();
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}

const readyOf = (awaits: string, authority = files.cert) =>
  readKnownCell(loadConfig(tlsSettings, { DRIFTBOX_TLS_AUTHORITY_FILE: authority, DRIFTBOX_TLS_AWAITS: awaits })).ready;

test('while a service answers without TLS alone, nobody who calls it by TLS is ready', async () => {
  const [old, gone] = [await plain(), await nobody()];
  await expect(readyOf(`localhost:${gone}/${old}`)()).rejects.toThrow(`not ready: localhost:${gone} by TLS (ECONNREFUSED)`);
  // One that speaks TLS but does not prove its name is none of them either.
  const secure = await byTls();
  await using elsewhere = await temporaryFolder();
  const other = await makeCertificate(elsewhere.path, 'DNS:localhost');
  await expect(readyOf(`localhost:${secure}/${old}`, other.cert)()).rejects.toThrow('DEPTH_ZERO_SELF_SIGNED_CERT');
});

test('who has answered by TLS once is not asked again, and who does not answer at all keeps nobody back', async () => {
  const [old, secure, gone] = [await plain(), await byTls(), await nobody()];
  const ready = readyOf(`localhost:${secure}/${old},localhost:${gone}/${gone}`);
  await ready();
  await new Promise((resolve) => servers.at(-1)?.close(resolve));
  await ready();
  await expect(readyOf(`localhost:${secure}/${old}`)()).rejects.toThrow('not ready');
  await readyOf('')();
});

test.each([
  ['a certificate without its key', { DRIFTBOX_TLS_CERTIFICATE_FILE: '/cert.pem' }, 'go together'],
  ['files that are not there', { DRIFTBOX_TLS_CERTIFICATE_FILE: '/no.crt', DRIFTBOX_TLS_KEY_FILE: '/no.key' }, 'ENOENT'],
  ['an authority that is not there', { DRIFTBOX_TLS_AUTHORITY_FILE: '/no.crt' }, 'DRIFTBOX_TLS_AUTHORITY_FILE cannot be read'],
  ['what is no address', { DRIFTBOX_TLS_AWAITS: 'cell-auth:9443' }, 'cell-auth:9443 is not HOST:PORT/PLAINPORT'],
])('%s is told', async (_, env, expected) => {
  const loaded = loadConfig(tlsSettings, env);
  const read = async () => {
    await openCertificate(loaded, createLogger({ service: 'test', level: 'silent' }));
    readKnownCell(loaded);
  };
  await expect(read()).rejects.toThrow(expected);
});
