import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseDriveId, parseUploadId } from '@driftbox/domain';
import { Problem, problemDetails, routes } from '@driftbox/protocol';
import { onBehalfOf } from '@driftbox/tracing';
import fc from 'fast-check';
import { createClient, createSession, httpTransport, piecesOf, readBody } from './index.ts';
import type { Client, RequestBody, Tokens, Transport } from './index.ts';
import { buildPath } from './build-path.ts';
import { pauseFor, defaultRetryPolicy } from './retry.ts';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: Buffer) => void;
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

const drive = parseDriveId('0190a000-0000-7000-8000-000000000001')!;
const uploadId = parseUploadId('0190a000-0000-7000-8000-000000000002')!;
const quick = { firstPauseMs: 1, maxPauseMs: 2 };

/** A server that answers by `handler` once it has the body, and a transport to it. */
async function serve(handler: Handler) {
  const server = http.createServer((request, response) => {
    void readBody(request, 2 ** 28).then(
      (body) => handler(request, response, Buffer.from(body)),
      () => {},
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const transport = httpTransport(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { idleTimeoutMs: 2000 });
  closers.push(() => {
    transport.close();
    server.closeAllConnections();
    server.close();
  });
  return { transport, client: createClient({ transport, retry: quick }) };
}

function json(response: http.ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function refuse(response: http.ServerResponse, problem: Problem, headers: Record<string, string> = {}): void {
  response
    .writeHead(problem.status, { 'content-type': 'application/problem+json', ...headers })
    .end(JSON.stringify(problemDetails(problem, 'r-1')));
}

const noDrives = { items: [] };
const problemOf = (promise: Promise<unknown>): Promise<Problem> =>
  promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => {
      if (error instanceof Problem) return error;
      throw error;
    },
  );

describe('a call', () => {
  test('sends what the route says and answers what it validated', async () => {
    const seen: unknown[] = [];
    const { client } = await serve((request, response, body) => {
      seen.push([request.method, request.url, request.headers['driftbox-protocol'], JSON.parse(body.toString())]);
      json(response, { missing: ['a'.repeat(64)] });
    });
    const body = { uploadId, sizeBytes: 5, digests: [] };
    expect(await client.call(routes.askMissing, { params: { drive }, body })).toEqual({ missing: ['a'.repeat(64)] });
    expect(seen).toEqual([['POST', `/v1/drives/${drive}/chunks/missing`, '1', body]]);
  });

  test('carries the problem that the server tells', async () => {
    const { client } = await serve((_, response) =>
      refuse(response, new Problem('quota_exceeded', 'Full', { details: { limitBytes: 7 } })),
    );
    const problem = await problemOf(client.call(routes.listDrives));
    expect([problem.code, problem.message, problem.details]).toEqual(['quota_exceeded', 'Full', { limitBytes: 7, requestId: 'r-1' }]);
  });

  test.each([
    [502, 'unavailable'],
    [413, 'too_large'],
    [418, 'invalid_argument'],
    [500, 'internal'],
  ] as const)('makes the nearest problem of a bare %d', async (status, code) => {
    const { client } = await serve((_, response) => response.writeHead(status).end('<html>'));
    expect((await problemOf(client.call(routes.listDrives, { retry: { attempts: 1 } }))).code).toBe(code);
  });

  test('does not take an answer that the route does not allow', async () => {
    const { client } = await serve((_, response) => json(response, { items: [{ drive: 'x' }] }));
    expect((await problemOf(client.call(routes.listDrives))).code).toBe('internal');
  });

  test('asks for another token once when one is refused', async () => {
    const { transport } = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer new') json(response, noDrives);
      else refuse(response, new Problem('unauthenticated'));
    });
    const client = createClient({ transport, token: async (refused) => (refused === 'old' ? 'new' : 'old') });
    expect(await client.call(routes.listDrives)).toEqual(noDrives);
    const stuck = createClient({ transport, token: async () => 'old' });
    expect((await problemOf(stuck.call(routes.listDrives))).code).toBe('unauthenticated');
  });
});

describe('retries', () => {
  test('go by the flag, with the same idempotency key, and stop at the policy', async () => {
    const keys: unknown[] = [];
    const { client } = await serve((request, response) => {
      keys.push(request.headers['idempotency-key']);
      refuse(response, new Problem('unavailable'));
    });
    expect((await problemOf(client.call(routes.createDrive, { body: { name: 'a' }, retry: { attempts: 3 } }))).code).toBe('unavailable');
    expect(keys.length).toBe(3);
    expect(new Set(keys).size).toBe(1);
    expect(typeof keys[0]).toBe('string');
  });

  test('do not follow what is not retryable', async () => {
    let count = 0;
    const { client } = await serve((_, response) => {
      count += 1;
      refuse(response, new Problem('not_found'));
    });
    await problemOf(client.call(routes.listDrives));
    expect(count).toBe(1);
  });

  test.each([
    ['a read', (c: Client) => c.call(routes.listDrives), 2],
    ['a sign-in', (c: Client) => c.call(routes.forgetPassword, { body: { email: 'a@b.example' } }), 1],
  ] as const)('of a lost connection: %s', async (_, run, expected) => {
    let count = 0;
    const { client } = await serve((request, response) => {
      count += 1;
      if (count === 1) request.socket.destroy();
      else json(response, noDrives);
    });
    await run(client).catch(() => {});
    expect(count).toBe(expected);
  });

  test('give up at the deadline rather than wait for Retry-After', async () => {
    const { client } = await serve((_, response) => refuse(response, new Problem('rate_limited'), { 'retry-after': '3600' }));
    expect((await problemOf(client.call(routes.listDrives))).retryAfterSeconds).toBe(3600);
  });

  test('pause at least as long as asked, and never longer than the ceiling beyond it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(100), (count, dice, seconds) => {
        const pauseMs = pauseFor(count, new Problem('unavailable', '', { retryAfterSeconds: seconds }), defaultRetryPolicy, () => dice);
        expect(pauseMs).toBeGreaterThanOrEqual(seconds * 1000);
        expect(pauseMs).toBeLessThanOrEqual(seconds * 1000 + defaultRetryPolicy.maxPauseMs);
      }),
    );
  });

  test('never resend a stream that is spent, and resend one that can begin again', async () => {
    let count = 0;
    const { client } = await serve((_, response, body) => {
      count += 1;
      if (count % 2 === 1) refuse(response, new Problem('unavailable'));
      else json(response, { got: body.length });
    });
    const once = () => piecesOf([new Uint8Array(3), new Uint8Array(4)]);
    const put = (body: RequestBody) => client.stream(routes.putChunks, { params: { drive }, query: { uploadId }, body });
    expect((await problemOf(put(once()))).code).toBe('unavailable');
    count = 0;
    expect(await (await put(once)).json()).toEqual({ got: 7 });
  });
});

describe('streams', () => {
  test('carry bytes both ways, larger than any buffer between', async () => {
    const { client } = await serve((request, response, body) => {
      expect(request.headers['content-length']).toBe(String(8 * 2 ** 20));
      response.writeHead(200).end(body);
    });
    const piece = Buffer.alloc(2 ** 20, 7);
    const answer = await client.stream(routes.fetchChunks, { params: { drive }, body: Array.from({ length: 8 }, () => piece) });
    expect((await readBody(answer.body, 2 ** 24)).length).toBe(8 * 2 ** 20);
  });

  describe('of a body that is refused before it is read', () => {
    const endless = async function* pieces(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(65_536);
    };
    const bodies: [string, () => RequestBody][] = [
      ['whole', () => Buffer.alloc(32 << 20)],
      ['in pieces', () => Array.from({ length: 64 }, () => Buffer.alloc(1 << 19))],
      ['that would never end', () => endless],
    ];

    /** Answers before it has read anything; reads on, or leaves the rest unread until the client closes. */
    async function refusing(readsOn: boolean) {
      const server = http.createServer((request, response) => {
        if (request.method === 'GET') return json(response, noDrives);
        const text = JSON.stringify(problemDetails(new Problem('too_large')));
        response.writeHead(413, { connection: 'close', 'content-type': 'application/problem+json', 'content-length': text.length });
        response.write(text);
        if (readsOn) request.resume();
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const transport = httpTransport(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      closers.push(() => {
        transport.close();
        server.closeAllConnections();
        server.close();
      });
      return createClient({ transport, retry: { attempts: 1 } });
    }

    test.each(
      bodies.flatMap(([how, body]) => [true, false].map((readsOn) => [how, readsOn ? 'on' : 'no further', body, readsOn] as const)),
    )('%s, by a server that reads %s: the problem arrives, and the next call is not disturbed', async (_how, _reads, body, readsOn) => {
      const client = await refusing(readsOn);
      for (let times = 0; times < 20; times += 1) {
        const sent = client.stream(routes.putChunks, { params: { drive }, query: { uploadId }, body: body() });
        expect([times, (await problemOf(sent)).code]).toEqual([times, 'too_large']);
      }
      expect(await client.call(routes.listDrives)).toEqual(noDrives);
    });
  });

  test('end when the signal says so', async () => {
    const { client } = await serve(() => {});
    const abort = new AbortController();
    const call = client.call(routes.listDrives, { signal: abort.signal });
    abort.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('paths', () => {
  test('escape what is not theirs, whatever the values', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => text.isWellFormed()),
        (text) => {
          const path = buildPath(routes.getSignedContent, { token: text });
          expect(path.split('/').length).toBe(4);
          expect(decodeURIComponent(path.slice('/v1/content/'.length))).toBe(text);
        },
      ),
    );
  });

  test('keep the slashes of a rest, and leave absent queries out', () => {
    expect(buildPath(routes.putFile, { drive, path: 'a b/c?d' }, { mtime: undefined })).toBe(`/v1/drives/${drive}/files/a%20b/c%3Fd`);
    expect(() => buildPath(routes.putFile, { drive })).toThrow(TypeError);
  });
});

describe('a session', () => {
  const tokens = (n: number, expiresAt = '2030-01-01T00:00:00.000Z'): Tokens => ({
    accessToken: `access-${n}`,
    expiresAt,
    refreshToken: `refresh-token-${n}`,
    refreshExpiresAt: '2031-01-01T00:00:00.000Z',
  });
  const ids = {
    deviceId: drive,
    account: {
      userId: drive,
      tenantId: drive,
      email: 'a@b.example',
      emailVerified: true,
      displayName: 'A',
      role: 'member',
      createdAt: '2026-01-01T00:00:00.000Z',
    },
  };

  /** A store in memory, shared like a file, and a server that ends the session when a refresh token comes twice. */
  function world(first: Tokens | undefined) {
    let kept = first;
    let line: Promise<unknown> = Promise.resolve();
    const used: string[] = [];
    const store = {
      read: async () => kept,
      exchange: (change: (current: Tokens | undefined) => Promise<Tokens | undefined>) => {
        const turn = line.then(async () => (kept = await change(kept)));
        line = turn.catch(() => {});
        return turn;
      },
    };
    const transport: Transport = async ({ body }) => {
      const { refreshToken } = JSON.parse(Buffer.from(await readBody(piecesOf(body), 10_000)).toString()) as { refreshToken: string };
      const reused = used.includes(refreshToken);
      used.push(refreshToken);
      const answer = reused
        ? JSON.stringify(problemDetails(new Problem('unauthenticated')))
        : JSON.stringify({ ...tokens(used.length + 1), ...ids });
      const headers = { 'content-type': reused ? 'application/problem+json' : 'application/json' };
      return { status: reused ? 401 : 200, headers, body: piecesOf(Buffer.from(answer)) };
    };
    const session = () => createSession({ store, client: createClient({ transport }), now: () => Date.parse('2029-01-01T00:00:00Z') });
    return { session, used };
  }

  test('uses a fresh token as it is', async () => {
    const { session, used } = world(tokens(1));
    expect(await session().token()).toBe('access-1');
    expect(used).toEqual([]);
  });

  test('refreshes once for all callers, in this process and others', async () => {
    const { session, used } = world(tokens(1, '2029-01-01T00:00:30.000Z'));
    const [a, b] = [session(), session()];
    expect(await Promise.all([a.token(), a.token(), b.token(), b.token()])).toEqual(Array(4).fill('access-2'));
    expect(used).toEqual(['refresh-token-1']);
  });

  test('replaces a token that the server refused', async () => {
    const { session } = world(tokens(1));
    expect(await session().token('access-1')).toBe('access-2');
  });

  test('has no token when signed out', async () => {
    expect(await world(undefined).session().token()).toBeUndefined();
  });
});

test('a call made on behalf of a request carries its id, and no other does', async () => {
  const ids: unknown[] = [];
  const { client } = await serve((request, response) => {
    ids.push(request.headers['x-request-id']);
    json(response, { items: [] });
  });
  await onBehalfOf('request-1', () => client.call(routes.listDrives));
  await client.call(routes.listDrives);
  expect(ids).toEqual(['request-1', undefined]);
});
