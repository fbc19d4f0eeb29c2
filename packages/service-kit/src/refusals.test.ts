import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defineRoute } from '@driftbox/protocol';
import { z } from 'zod';
import { handle } from './route-request.ts';
import { bearer, createWorld } from './testing/world.ts';

const base = { service: 'upload', summary: 'test' } as const;
const putBytes = defineRoute({
  ...base,
  auth: 'user',
  name: 'putBytes',
  method: 'PUT',
  path: '/v1/bytes',
  body: { stream: 'bytes' },
  maxBodyBytes: 1 << 20,
  answer: z.object({ sizeBytes: z.number() }),
});
const sayThing = defineRoute({
  ...base,
  auth: 'none',
  name: 'sayThing',
  method: 'POST',
  path: '/v1/say',
  body: z.object({ text: z.string() }),
});

const { service } = createWorld(
  [
    handle(putBytes, async (request) => {
      let sizeBytes = 0;
      for await (const piece of request.stream()) sizeBytes += piece.byteLength;
      return { sizeBytes };
    }),
    handle(sayThing, () => undefined),
  ],
  { rateLimit: { perAddress: { requests: 1, seconds: 3600 } } },
);
let port = 0;
let authorization = '';
beforeAll(async () => {
  ({ port } = await service.listen({ host: '127.0.0.1', port: 0 }));
  authorization = `Authorization: ${await bearer()}\r\n`;
});
afterAll(() => service.stop());

/** A client that sends all it has before it looks at what came back. Answers that, up to the end of the connection. */
function sendThenRead(head: string, body: readonly Uint8Array[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let got = '';
    socket.once('error', reject).once('close', () => resolve(got));
    const read = (): void => void socket.on('data', (piece) => (got += piece.toString())).on('end', () => socket.end());
    socket.write(Buffer.concat([Buffer.from(`${head}\r\n`), ...body]), read);
  });
}

const put = (headers: string): string => `PUT /v1/bytes HTTP/1.1\r\nHost: acme.test\r\n${headers}`;
const megabytes = (count: number): Buffer[] => Array.from({ length: count * 4 }, () => Buffer.alloc(1 << 18));
const chunked = (pieces: readonly Buffer[]): Buffer[] => [
  ...pieces.map((piece) => Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])),
  Buffer.from('0\r\n\r\n'),
];

describe('a large body that is refused before it has come', () => {
  test.each([
    ['by its declared size', 413, 'too_large', () => sendThenRead(put(`${authorization}Content-Length: ${8 << 20}\r\n`), megabytes(8))],
    [
      'as it grows too large',
      413,
      'too_large',
      () => sendThenRead(put(`${authorization}Transfer-Encoding: chunked\r\n`), chunked(megabytes(8))),
    ],
    ['for want of a token', 401, 'unauthenticated', () => sendThenRead(put(`Content-Length: ${8 << 20}\r\n`), megabytes(8))],
    [
      'because there is no such route',
      404,
      'not_found',
      () => sendThenRead(`PUT /v1/none HTTP/1.1\r\nHost: acme.test\r\nContent-Length: ${8 << 20}\r\n`, megabytes(8)),
    ],
    [
      'because there were too many',
      429,
      'rate_limited',
      async () => {
        const head = `POST /v1/say HTTP/1.1\r\nHost: acme.test\r\nContent-Type: application/json\r\nContent-Length: ${1 << 20}\r\n`;
        await fetch(`http://127.0.0.1:${port}/v1/say`, { method: 'POST' });
        return sendThenRead(head, megabytes(1));
      },
    ],
  ])('%s: every client gets to read why', async (_how, status, code, send) => {
    for (let times = 0; times < 20; times += 1) {
      const got = await send();
      expect([times, got.slice(0, 13)]).toEqual([times, `HTTP/1.1 ${status} `]);
      expect(got.toLowerCase()).toContain('connection: close');
      expect(JSON.parse(got.slice(got.indexOf('\r\n\r\n')))).toMatchObject({ code });
    }
  });

  test('and does not end within bounds costs its connection', async () => {
    const sent = sendThenRead(put(`Content-Length: ${2 ** 40}\r\n`), megabytes(80));
    await expect(sent.catch((error: NodeJS.ErrnoException) => Promise.reject(new Error(error.code)))).rejects.toThrow(/ECONNRESET|EPIPE/);
  });

  test('is not even sent by who asks first', async () => {
    const expecting = 'Expect: 100-continue\r\n';
    const head = put(`${authorization}${expecting}Content-Length: ${8 << 20}\r\n`);
    expect(await sendThenRead(head, [])).toMatch(/^HTTP\/1.1 413 /);
    const taken = await sendThenRead(put(`${authorization}${expecting}Content-Length: 4\r\nConnection: close\r\n`), [Buffer.from('abcd')]);
    expect(taken).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);
  });
});

test('a small body that is refused leaves its connection in use', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  for (let times = 0; times < 20; times += 1) {
    await new Promise<void>((resolve, reject) => {
      const request = http.request({
        agent,
        port,
        host: '127.0.0.1',
        method: 'PUT',
        path: '/v1/bytes',
        headers: { 'content-length': 50_000 },
      });
      request.once('error', reject).once('response', (answer) => {
        ports.add(request.socket?.localPort);
        expect(answer.statusCode).toBe(401);
        answer.resume().once('end', resolve);
        request.end(Buffer.alloc(40_000));
      });
      request.write(Buffer.alloc(10_000));
    });
  }
  agent.destroy();
  expect(ports.size).toBe(1);
});
