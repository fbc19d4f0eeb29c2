import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import { readdir } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startGateway, type TestGateway } from '../testing/gateway.ts';
import { send } from '../testing/send.ts';

let gateway: TestGateway;
let authorization: string;
beforeAll(async () => {
  gateway = await startGateway({
    input: { timeouts: { answerSeconds: 1, streamSeconds: 2 } },
  });
  authorization = await gateway.cell.bearer();
});
afterAll(() => gateway?.close());

const putPath = '/v1/drives/x/files/big.bin';
const contentPath = '/v1/content/0123456789abcdef';

/** A request whose body is sent piece by piece. */
function open(method: string, target: string): { request: http.ClientRequest; answer: Promise<http.IncomingMessage> } {
  const { hostname, port } = new URL(gateway.plain);
  const request = http.request({ hostname, port, method, path: target, headers: { host: 'acme.test', authorization }, agent: false });
  const answer = new Promise<http.IncomingMessage>((resolve, reject) => void request.once('response', resolve).once('error', reject));
  answer.catch(() => {});
  return { request, answer };
}

async function read(response: http.IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await response.toArray());
}

/** Nothing was written aside: no file is there, and NGINX never said that it made one. */
async function expectNothingOnDisk(): Promise<void> {
  for (const kind of ['client_body', 'proxy']) {
    const names = await readdir(path.join(gateway.folder, kind), { recursive: true }).catch(() => []);
    expect([kind, names]).toEqual([kind, []]);
  }
  expect(await gateway.errorLog()).not.toMatch(/temporary file/);
}

test('an upload arrives while it is still being sent', async () => {
  const bytes = randomBytes(8 << 20);
  const { request, answer } = open('PUT', putPath);
  request.write(bytes.subarray(0, 1 << 20));
  await waitFor(() => gateway.echoes.upload.seen.some(({ url }) => url === putPath), { what: 'the service to see the upload' });
  request.end(bytes.subarray(1 << 20));
  const echo = JSON.parse((await read(await answer)).toString()) as { bodyBytes: number; digest: string };
  expect(echo).toMatchObject({ bodyBytes: bytes.length, digest: createHash('sha256').update(bytes).digest('hex') });
  await expectNothingOnDisk();
});

test('a download arrives while it is still being made, at the pace of its taker', async () => {
  const piece = randomBytes(1 << 20);
  const pieces = 64;
  let made = 0;
  gateway.echoes.upload.handler = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    for (; made < pieces && !response.destroyed; made += 1)
      if (!response.write(piece)) await new Promise<void>((resolve) => void response.once('drain', resolve).once('close', resolve));
    response.end();
  };
  const { request, answer } = open('GET', contentPath);
  request.end();
  const response = await answer;
  // Nobody reads yet: the service is held up instead of NGINX filling memory or disk.
  await waitFor(async () => {
    const before = made;
    await new Promise((resolve) => setImmediate(resolve));
    return made > 0 && made === before;
  });
  expect(made).toBeLessThan(pieces);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    hash.update(part);
    bytes += part.length;
  }
  expect(bytes).toBe(pieces * piece.length);
  const expected = createHash('sha256');
  for (let count = 0; count < pieces; count += 1) expected.update(piece);
  expect(hash.digest('hex')).toBe(expected.digest('hex'));
  gateway.echoes.upload.handler = undefined;
  await expectNothingOnDisk();
});

test('a client that leaves in the middle of an upload is missed by its service', async () => {
  let gone = false;
  gateway.echoes.upload.handler = (request) =>
    void request
      .on('error', () => {})
      .once('close', () => (gone = true))
      .resume();
  const { request } = open('PUT', putPath);
  request.on('error', () => {});
  request.write(randomBytes(1 << 20));
  const before = gateway.echoes.upload.seen.length;
  await waitFor(() => gateway.echoes.upload.seen.length >= before && request.writableLength === 0);
  request.destroy();
  await waitFor(() => gone, { what: 'the service to miss its client' });
  gateway.echoes.upload.handler = undefined;
});

describe('a reload', () => {
  test('lets transfers in flight end, and new requests follow the new input', async () => {
    const { request, answer } = open('PUT', putPath);
    request.write(randomBytes(1 << 20));
    const release = Promise.withResolvers<void>();
    gateway.echoes.metadata.handler = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).write('begun ');
      await release.promise;
      response.end('ended');
    };
    const download = open('GET', '/v1/drives');
    download.request.end();
    const response = await download.answer;
    await waitFor(() => gateway.echoes.upload.seen.filter(({ url }) => url === putPath).length > 1);
    await gateway.reload({ hosts: [{ names: ['other.test', 'acme.test', 'new.test'], certificate: cert, key }] });
    await waitFor(async () => (await send(gateway.plain, '/v1/capabilities', { host: 'new.test' })).status === 200, {
      what: 'the new input',
    });
    release.resolve();
    request.end(randomBytes(1 << 20));
    expect((await read(response)).toString()).toBe('begun ended');
    const echo = JSON.parse((await read(await answer)).toString()) as { bodyBytes: number };
    expect(echo.bodyBytes).toBe(2 << 20);
    gateway.echoes.metadata.handler = undefined;
  });

  const cert = path.join(import.meta.dirname, '../testing/test-certificate.pem');
  const key = path.join(import.meta.dirname, '../testing/test-key.pem');

  test('while requests keep coming fails none of them', async () => {
    let running = true;
    const failures: unknown[] = [];
    const load = Array.from({ length: 4 }, async () => {
      while (running) {
        const outcome = await send(gateway.plain, '/v1/capabilities').then(
          ({ status }) => status,
          (error: unknown) => error,
        );
        if (outcome !== 200) failures.push(outcome);
      }
    });
    for (let count = 0; count < 3; count += 1) await gateway.reload();
    running = false;
    await Promise.all(load);
    expect(failures).toEqual([]);
  });
});

describe('a websocket', () => {
  const upgrade = (
    target: string,
    headers = 'upgrade: websocket\r\nconnection: Upgrade\r\n',
  ): Promise<{ socket: net.Socket; head: string }> => {
    const { hostname, port } = new URL(gateway.plain);
    const socket = net.connect(Number(port), hostname);
    socket.on('error', () => {});
    const websocket = 'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    socket.write(`GET ${target} HTTP/1.1\r\nhost: acme.test\r\n${headers}${websocket}\r\n`);
    return new Promise((resolve) => {
      socket.once('data', (piece) => resolve({ socket, head: piece.toString() }));
      socket.once('close', () => resolve({ socket, head: '' }));
    });
  };

  test('is passed through both ways, and its client learns when the service ends it', async () => {
    let server: net.Socket | undefined;
    gateway.echoes.sync.upgrade = (_request, socket) => {
      server = socket;
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n');
      socket.on('data', (piece) => socket.write(piece));
    };
    const { socket, head } = await upgrade('/v1/hints/?EIO=4&transport=websocket');
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
    const echoed = new Promise<string>((resolve) => void socket.once('data', (piece) => resolve(piece.toString())));
    socket.write('frame');
    expect(await echoed).toBe('frame');
    const closed = new Promise((resolve) => void socket.once('close', resolve));
    server!.destroy();
    await closed;
  });

  test('is nothing that other paths take', async () => {
    const { head, socket } = await upgrade('/v1/capabilities');
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(head).not.toContain('"upgrade"');
    socket.destroy();
  });
});

describe('a service that does not answer', () => {
  test('is given up after its time, with a problem that may be tried again', async () => {
    gateway.echoes.metadata.handler = () => {};
    const answer = await send(gateway.plain, '/v1/drives', { method: 'POST', body: '{}', headers: { authorization } });
    expect([answer.status, answer.json.code, answer.headers['retry-after']]).toEqual([503, 'unavailable', '1']);
    gateway.echoes.metadata.handler = undefined;
  });

  test('in time is told of a shorter deadline, and never of a longer one than this gateway waits', async () => {
    const told = async (header?: string): Promise<string | undefined> => {
      const headers = { authorization, ...(header === undefined ? {} : { 'driftbox-deadline-ms': header }) };
      return (await send(gateway.plain, '/v1/drives', { headers })).json.headers['driftbox-deadline-ms'];
    };
    expect([await told(), await told('700'), await told('1000'), await told('60000'), await told('999999999'), await told('x')]).toEqual([
      undefined,
      '700',
      '1000',
      '1000',
      '1000',
      'x',
    ]);
  });

  test('in the middle of its answer ends the connection: half an answer never looks whole', async () => {
    gateway.echoes.upload.handler = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half', () => response.destroy());
    };
    await expect(send(gateway.plain, contentPath)).rejects.toThrow();
    gateway.echoes.upload.handler = undefined;
  });
});

test('content keeps the headers that its service gave it, and gets none that would weaken them', async () => {
  const own = {
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'content-disposition': 'attachment',
    etag: '"a.1"',
    'accept-ranges': 'bytes',
  };
  gateway.echoes.upload.handler = (request, response) =>
    void response.writeHead(206, { ...own, 'content-range': 'bytes 0-4/10', 'x-range': request.headers.range ?? '' }).end('hello');
  const { status, headers, text } = await send(gateway.tls, contentPath, { headers: { range: 'bytes=0-4', 'accept-encoding': 'gzip' } });
  expect([status, text]).toEqual([206, 'hello']);
  expect(headers).toMatchObject({ ...own, 'x-range': 'bytes=0-4' });
  expect(headers['content-encoding']).toBeUndefined();
  gateway.echoes.upload.handler = undefined;
});
