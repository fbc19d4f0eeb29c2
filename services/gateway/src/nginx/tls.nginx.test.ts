import { copyFile, writeFile } from 'node:fs/promises';
import http2 from 'node:http2';
import path from 'node:path';
import tls, { type ConnectionOptions, type TLSSocket } from 'node:tls';
import { temporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { send } from '../testing/send.ts';
import { startGateway, type TestGateway } from '../testing/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.close());

/** What was agreed on, or the code of why nothing was. */
function shakeHands(
  options: ConnectionOptions,
): Promise<{ protocol: string | null; cipher: string; alpn: string | false | null } | string> {
  const { hostname, port } = new URL(gateway.tls);
  return new Promise((resolve) => {
    const socket: TLSSocket = tls.connect({
      host: hostname,
      port: Number(port),
      servername: 'acme.test',
      rejectUnauthorized: false,
      ...options,
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.once('secureConnect', () => {
      resolve({ protocol: socket.getProtocol(), cipher: socket.getCipher().standardName, alpn: socket.alpnProtocol });
      socket.destroy();
    });
  });
}

describe('a handshake', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('by %s is made, with forward secrecy and authenticated encryption', async (version) => {
    const agreed = await shakeHands({ minVersion: version, maxVersion: version });
    expect(agreed).toMatchObject({ protocol: version, cipher: expect.stringMatching(/(GCM|POLY1305)/) });
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)('by %s is refused', async (version) => {
    const refused = await shakeHands({ minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' });
    expect(refused).toMatch(/PROTOCOL_VERSION|UNSUPPORTED|ECONNRESET/);
  });

  test.each(['AES128-SHA', 'ECDHE-ECDSA-AES128-SHA', 'AES256-GCM-SHA384', 'NULL-SHA256'])(
    'that offers %s alone is refused',
    async (cipher) => {
      expect(await shakeHands({ maxVersion: 'TLSv1.2', ciphers: `${cipher}:@SECLEVEL=0` })).toMatch(/HANDSHAKE_FAILURE|ECONNRESET/);
    },
  );

  test.each(['evil.test', 'acme.test.evil.test'])(
    'for %s is refused: no certificate is shown to who asks for nobody',
    async (servername) => {
      expect(await shakeHands({ servername })).toMatch(/UNRECOGNIZED_NAME|ECONNRESET/);
    },
  );

  test('agrees on HTTP/2 where that is offered', async () => {
    expect(await shakeHands({ ALPNProtocols: ['h2', 'http/1.1'] })).toMatchObject({ alpn: 'h2' });
  });
});

test('files that are put in the place of others are shown at the next handshake, without a reload', async () => {
  await using folder = await temporaryFolder();
  const [certificate, key] = ['tls.crt', 'tls.key'].map((name) => path.join(folder.path, name)) as [string, string];
  const own = path.join(import.meta.dirname, '../testing');
  const put = (name: string, file: string) => copyFile(path.join(own, name), file);
  await put('test-certificate.pem', certificate);
  await put('test-key.pem', key);
  const hosts = [{ names: ['acme.test'], certificate, key }];
  await gateway.reload({ hosts, renewsCertificates: true });
  expect(await shakeHands({})).toMatchObject({ protocol: 'TLSv1.3' });
  await writeFile(certificate, 'none');
  expect(await shakeHands({})).toEqual(expect.any(String));
  await put('test-certificate.pem', certificate);
  expect(await shakeHands({})).toMatchObject({ protocol: 'TLSv1.3' });
  await gateway.reload({ hosts });
  await writeFile(certificate, 'none');
  expect(await shakeHands({})).toMatchObject({ protocol: 'TLSv1.3' });
  await gateway.reload();
});

test('answers say that this host is to be asked by TLS alone, refusals too', async () => {
  for (const path of ['/v1/capabilities', '/v1/me', '/nowhere'])
    expect((await send(gateway.tls, path)).headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  expect((await send(gateway.plain, '/v1/capabilities')).headers['strict-transport-security']).toBeUndefined();
});

test('many requests share one connection of HTTP/2', async () => {
  const session = http2.connect(gateway.tls, { rejectUnauthorized: false, servername: 'acme.test' });
  const ask = (path: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ':path': path, ':authority': 'acme.test' });
      stream.once('response', (headers) => resolve(Number(headers[':status']))).once('error', reject);
      stream.resume().end();
    });
  const statuses = await Promise.all(Array.from({ length: 50 }, () => ask('/v1/capabilities')));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(await ask('/v1/me')).toBe(401);
  session.close();
  const lines = (await gateway.accessLines()).filter(({ protocol }) => protocol === 'HTTP/2.0');
  expect(lines.length).toBeGreaterThanOrEqual(50);
});

test('a host of HTTP/2 that is not of the handshake is judged as any other', async () => {
  const session = http2.connect(gateway.tls, { rejectUnauthorized: false, servername: 'acme.test' });
  const status = await new Promise((resolve, reject) => {
    const stream = session.request({ ':path': '/v1/capabilities', ':authority': 'evil.test' });
    stream.once('response', (headers) => resolve(headers[':status'])).once('error', reject);
    stream.resume().end();
  });
  session.close();
  expect(status).toBe(404);
});

describe('without TLS', () => {
  test('a browser is sent to the same place with it', async () => {
    const { status, headers } = await send(gateway.redirect, '/v1/search?q=a%20b');
    expect([status, headers.location]).toEqual([308, 'https://acme.test/v1/search?q=a%20b']);
  });

  test('nobody is sent to a host that is not served', async () => {
    const { status, headers } = await send(gateway.redirect, '/', { host: 'evil.test' });
    expect([status, headers.location]).toEqual([404, undefined]);
  });

  test('on the port of TLS a request is told so, as a problem', async () => {
    const { status, json } = await send(gateway.tls.replace('https', 'http'), '/v1/me');
    expect([status, json.code]).toEqual([400, 'invalid_argument']);
  });
});
