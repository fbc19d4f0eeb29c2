import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defineRoute, Problem } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { z } from 'zod';
import { reply } from './reply.ts';
import { handle } from './route-request.ts';
import { bearer, createWorld, serviceBearer } from './testing/world.ts';

const base = { service: 'upload', summary: 'test', auth: 'user' } as const;
const makeThing = defineRoute({
  ...base,
  name: 'makeThing',
  method: 'POST',
  path: '/v1/things',
  body: z.object({ name: z.string() }),
  status: 201,
  answer: z.object({ name: z.string() }),
});
const putBytes = defineRoute({
  ...base,
  name: 'putBytes',
  method: 'PUT',
  path: '/v1/bytes',
  body: { stream: 'bytes' },
  maxBodyBytes: 1 << 20,
  answer: z.object({ sizeBytes: z.number() }),
});
const readBytes = defineRoute({ ...base, name: 'readBytes', method: 'GET', path: '/v1/bytes', answer: { stream: 'bytes' } });
const forever = defineRoute({ ...base, name: 'forever', method: 'GET', path: '/v1/forever', answer: { stream: 'bytes' } });
const breaks = defineRoute({ ...base, name: 'breaks', method: 'GET', path: '/v1/breaks', answer: { stream: 'bytes' } });
const waits = defineRoute({ ...base, name: 'waits', method: 'GET', path: '/v1/waits' });
const both = defineRoute({
  ...base,
  name: 'both',
  method: 'POST',
  path: '/v1/both',
  body: z.object({ name: z.string() }),
  framesToo: true,
  answer: z.object({ frames: z.boolean() }),
});
const hidden = defineRoute({ ...base, auth: 'service', name: 'hidden', method: 'GET', path: '/internal/v1/hidden' });

const seen = { aborted: 0, ended: 0, waiting: 0 };
let letGo: () => void = () => {};

async function* endless(): AsyncGenerator<Uint8Array> {
  try {
    for (;;) yield Buffer.alloc(65_536);
  } finally {
    seen.ended += 1;
  }
}

async function* damaged(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('abc');
  throw new Problem('content_damaged');
}

const bindings = [
  handle(makeThing, ({ body }) => ({ name: body.name })),
  handle(putBytes, async (request) => {
    let sizeBytes = 0;
    for await (const piece of request.stream()) sizeBytes += piece.byteLength;
    return { sizeBytes };
  }),
  handle(readBytes, () =>
    reply({ status: 206, headers: { 'content-type': 'image/png', 'content-length': '6' }, body: new Blob(['abcdef']).stream() }),
  ),
  handle(forever, () => reply({ body: endless() })),
  handle(breaks, () => reply({ body: damaged() })),
  handle(waits, async ({ signal }) => {
    seen.waiting += 1;
    const gone = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        seen.aborted += 1;
        resolve();
      });
    });
    await Promise.race([gone, new Promise<void>((resolve) => (letGo = resolve))]);
    return undefined;
  }),
  handle(both, async (request) => {
    if (request.frames) for await (const piece of request.stream()) expect(piece.byteLength).toBeGreaterThan(0);
    return { frames: request.frames };
  }),
  handle(hidden, () => undefined),
];

const { service, registry, lines } = createWorld(bindings, { limits: { bodyIdleMs: 50, drainMs: 1_000, headerBytes: 8_192 } });
let url = '';
let internalUrl = '';
let authorization = '';
beforeAll(async () => {
  url = `http://127.0.0.1:${(await service.listen({ host: '127.0.0.1', port: 0 })).port}`;
  internalUrl = `http://127.0.0.1:${(await service.listenInternal({ host: '127.0.0.1', port: 0 })).port}`;
  authorization = await bearer();
});
afterAll(() => service.stop());

/** Sends raw bytes and answers everything that came back until the server closed or `until` appeared. */
function raw(text: string, until?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (piece) => {
      got += piece.toString();
      if (until !== undefined && got.includes(until)) socket.destroy();
    });
    socket.once('error', reject).once('close', () => resolve(got));
  });
}

describe('bodies', () => {
  test('JSON goes in and comes out', async () => {
    const answer = await fetch(`${url}/v1/things`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"name":"ä"}',
    });
    expect([answer.status, await answer.json()]).toEqual([201, { name: 'ä' }]);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('a body that says it is too large is refused before it is sent', async () => {
    const got = await raw(
      `POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 2000000\r\n\r\n{',
    );
    expect(got).toMatch(/^HTTP\/1.1 413 /);
    expect(got.toLowerCase()).toContain('connection: close');
  });

  test("a stream beyond its route's limit is refused and the answer arrives", async () => {
    const body = (async function* pieces() {
      for (let n = 0; n < 24; n += 1) yield Buffer.alloc(65_536);
    })();
    const answer = await fetch(`${url}/v1/bytes`, {
      method: 'PUT',
      headers: { authorization },
      body,
      duplex: 'half',
    } as unknown as RequestInit);
    expect(answer.status).toBe(413);
  });

  test('a stream within it is read whole', async () => {
    const answer = await fetch(`${url}/v1/bytes`, { method: 'PUT', headers: { authorization }, body: Buffer.alloc(1 << 20) });
    expect(await answer.json()).toEqual({ sizeBytes: 1 << 20 });
  });

  test('a body that stops coming is unavailable', async () => {
    const head = `PUT /v1/bytes HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: 1000\r\n\r\n`;
    expect(await raw(`${head}some`)).toMatch(/^HTTP\/1.1 503 /);
  });

  test('headers that do not fit are refused', async () => {
    expect(await raw(`GET /v1/bytes HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(9_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
  });

  test('a length that is no number, or two lengths, never reach a route', async () => {
    expect(await raw('POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 /,
    );
  });

  test('a route may take JSON or frames', async () => {
    const send = async (type: string, body: string) =>
      (await fetch(`${url}/v1/both`, { method: 'POST', headers: { authorization, 'content-type': type }, body })).json();
    expect(await send('application/json', '{"name":"a"}')).toEqual({ frames: false });
    expect(await send('application/vnd.driftbox.frames', 'frames')).toEqual({ frames: true });
  });
});

describe('answers', () => {
  test('a stream keeps its type, length and status; HEAD has no body', async () => {
    const answer = await fetch(`${url}/v1/bytes`, { headers: { authorization } });
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-length'), await answer.text()]).toEqual([
      206,
      'image/png',
      '6',
      'abcdef',
    ]);
    const head = await fetch(`${url}/v1/bytes`, { method: 'HEAD', headers: { authorization } });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([206, '6', '']);
  });

  test('a client that leaves ends the source of its stream', async () => {
    const before = seen.ended;
    await raw(`GET /v1/forever HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`, '\r\n\r\n');
    await waitFor(() => seen.ended > before, { deadlineMs: 5_000 });
    expect(seen.ended).toBe(before + 1);
  });

  test('what fails after its answer has begun breaks off, and is counted and told as what it is', async () => {
    const counted = /^http_server_problems_total\{service="test",code="content_damaged"\} (\d+)$/m;
    expect(counted.exec(await registry.metrics())?.[1]).toBe('0');
    await expect(fetch(`${url}/v1/breaks`, { headers: { authorization } }).then((answer) => answer.text())).rejects.toThrow();
    await waitFor(async () => counted.exec(await registry.metrics())?.[1] === '1');
    expect(await registry.metrics()).toMatch(/_duration_seconds_count\{service="test",route="breaks",status="5xx"\} 1$/m);
    expect(lines.find(({ msg }) => msg === 'answer cut short')).toMatchObject({
      level: 'error',
      route: 'breaks',
      status: 200,
      err: { code: 'content_damaged' },
    });
  });

  test("a client that leaves, and a deadline that passes, abort the handler's signal", async () => {
    const leave = new AbortController();
    const waiting = seen.waiting;
    const aborted = seen.aborted;
    const call = fetch(`${url}/v1/waits`, { headers: { authorization }, signal: leave.signal });
    await waitFor(() => seen.waiting > waiting, { deadlineMs: 5_000 });
    leave.abort();
    await expect(call).rejects.toThrow();
    await waitFor(() => seen.aborted > aborted, { deadlineMs: 5_000 });
    expect((await fetch(`${url}/v1/waits`, { headers: { authorization, 'driftbox-deadline-ms': '20' } })).status).toBe(204);
    expect(seen.aborted).toBe(aborted + 2);
  });
});

describe('doors', () => {
  test('internal routes, health and metrics are behind the internal door only', async () => {
    const headers = { authorization: await serviceBearer('upload') };
    for (const path of ['/internal/v1/hidden', '/healthz', '/readyz', '/metrics']) {
      expect((await fetch(url + path, { headers })).status).toBe(404);
      expect((await fetch(internalUrl + path, { headers })).ok).toBe(true);
    }
  });

  test('hundreds of paths, hosts and methods that nobody knows make no series more', async () => {
    const ask = async (index: number): Promise<void> => {
      const headers = { host: `made-up-${index}.test`, authorization, 'user-agent': `made up ${index}` };
      const method = index % 2 === 0 ? 'GET' : 'POST';
      const answer = await service.transport({ method, path: `/v1/made-up-${index}/things/${index}?of=${index}`, headers });
      for await (const piece of answer.body) void piece;
    };
    const series = async (): Promise<number> => (await registry.metrics()).split('\n').length;
    await ask(0);
    await ask(1);
    const before = await series();
    for (let index = 2; index < 400; index += 1) await ask(index);
    expect(await series()).toBe(before);
  });

  test('whoever asks for metrics and reads none of them holds nobody up', async () => {
    const slow = Array.from({ length: 5 }, () => net.connect(Number(new URL(internalUrl).port), '127.0.0.1'));
    for (const socket of slow) socket.pause().write('GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(50));
    expect((await fetch(`${internalUrl}/metrics`)).status).toBe(200);
    expect((await fetch(`${url}/v1/bytes`, { headers: { authorization } })).status).toBe(206);
    for (const socket of slow) socket.destroy();
  });

  test('metrics tell routes and classes of status apart', async () => {
    await fetch(`${url}/v1/bytes`, { headers: { authorization } }).then((answer) => answer.text());
    const text = await registry.metrics();
    expect(text).toMatch(/http_server_request_duration_seconds_count\{service="test",route="readBytes",status="2xx"\} [1-9]/);
    await waitFor(async () => /http_server_requests_in_flight\{service="test"\} 0/.test(await registry.metrics()), {
      deadlineMs: 5_000,
    });
  });

  test("readiness follows the service's own", async () => {
    const world = createWorld([], { ready: () => Promise.reject(new Error('the database is away')) });
    const { port } = await world.service.listenInternal({ host: '127.0.0.1', port: 0 });
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    await world.service.stop();
  });

  test('stopping lets requests in flight end, and takes no others', async () => {
    const world = createWorld(bindings, { limits: { drainMs: 5_000 } });
    const { port } = await world.service.listen({ host: '127.0.0.1', port: 0 });
    const waiting = seen.waiting;
    const call = fetch(`http://127.0.0.1:${port}/v1/waits`, { headers: { authorization } });
    await waitFor(() => seen.waiting > waiting, { deadlineMs: 5_000 });
    const stopped = world.service.stop();
    await expect(world.service.ready()).rejects.toThrow('stopping');
    letGo();
    const answer = await call;
    expect([answer.status, answer.headers.get('connection')]).toEqual([204, 'close']);
    await stopped;
    await expect(fetch(`http://127.0.0.1:${port}/v1/waits`)).rejects.toThrow();
  });

  test('a request that does not end is cut off when the drain is over', async () => {
    const world = createWorld(bindings, { limits: { drainMs: 30 } });
    const { port } = await world.service.listen({ host: '127.0.0.1', port: 0 });
    const waiting = seen.waiting;
    const call = fetch(`http://127.0.0.1:${port}/v1/waits`, { headers: { authorization } });
    await waitFor(() => seen.waiting > waiting, { deadlineMs: 5_000 });
    const outcome = expect(call).rejects.toThrow();
    await world.service.stop();
    await outcome;
  });
});
