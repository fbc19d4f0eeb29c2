import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { defineRoute } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import fc from 'fast-check';
import { Gauge, Registry } from 'prom-client';
import { z } from 'zod';
import { withHealth } from './health.ts';
import { createLogger } from './logger.ts';
import { handle } from './route-request.ts';
import { bearer, createWorld } from './testing/world.ts';

const base = { service: 'metadata', summary: 'test' } as const;
const getThing = defineRoute({
  ...base,
  name: 'getThing',
  method: 'GET',
  path: '/v1/things/:thing',
  auth: 'user',
  params: z.object({ thing: z.string().max(20) }),
  answer: z.object({ thing: z.string() }),
});
const bindings = [handle(getThing, ({ params }) => ({ thing: params.thing }))];

describe('whatever requests come', () => {
  const word = fc.string({ minLength: 1, maxLength: 12 }).map(encodeURIComponent);
  const anyRequest = fc.record({
    method: fc.oneof(fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'PROPFIND'), fc.stringMatching(/^[A-Z]{3,10}$/)),
    path: fc.oneof(
      word.map((thing) => `/v1/things/${thing}`),
      fc.array(word, { maxLength: 4 }).map((words) => `/${words.join('/')}`),
      fc.constantFrom('/metrics', '/__proto__', '/constructor', '/v1/things/%ff'),
    ),
    host: fc.oneof(fc.constantFrom('acme.test', 'other.test'), fc.domain()),
    agent: fc.string(),
    signedIn: fc.boolean(),
  });

  /** Series as Prometheus would keep them. */
  const seriesOf = async (registry: Registry): Promise<number> => (await registry.metrics()).match(/^[a-z].*$/gm)?.length ?? 0;
  /** Of one route: its histogram in each of five classes of status. With it there is one more, `unknown`. */
  const perRoute = 5 * (14 + 3);
  /** Tenants that are not watched are one, by class of status, once more for time and two ways of bytes; problems; three caches. */
  const besides = 5 + 1 + 2 + 30 + 1 + 2 + 3 * 2;

  test('the number of series is bounded by routes, classes of status and codes, and no label is what somebody sent', async () => {
    const { service, registry } = createWorld(bindings);
    const authorization = await bearer();
    const marks = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyRequest, async ({ method, path, host, agent, signedIn }) => {
        marks.add(host);
        const headers = { host, 'user-agent': agent, 'x-forwarded-for': agent, ...(signedIn ? { authorization } : {}) };
        const answer = await service.transport({ method, path, headers });
        for await (const piece of answer.body) void piece;
        expect(await seriesOf(registry)).toBeLessThanOrEqual(2 * perRoute + besides);
      }),
      { numRuns: 500 },
    );
    const values = [...(await registry.metrics()).matchAll(/(\w+)="([^"]*)"/g)].filter(([, label]) => label !== 'le');
    for (const [, label, value = ''] of values) {
      const allowed = {
        route: /^(getThing|unknown)$/,
        status: /^[1-5]xx$/,
        code: /^[a-z_]+$/,
        service: /^test$/,
        direction: /^(received|sent)$/,
        tenant: /^other$/,
        cache: /^(user_tokens|service_tokens|app_passwords)$/,
        outcome: /^(hit|miss)$/,
      }[label!];
      expect([label, value, allowed?.test(value)]).toEqual([label, value, true]);
    }
  });
});

describe('slow readers of /metrics', () => {
  const most = 16;
  /** More than the buffers between the two ends hold: the sending one grows to 4 MiB on Linux, the other only as it is read. */
  const weight = 'x'.repeat(12_000_000);
  const page = (): Registry => {
    const registry = new Registry();
    new Gauge({ name: 'driftbox_test_weight', help: weight, registers: [registry] }).set(1);
    return registry;
  };
  let server: http.Server;
  let port: number;
  beforeEach(async () => {
    const log = createLogger({ service: 'test', level: 'silent' });
    const next: http.RequestListener = (_request, response) => void response.end('an answer');
    server = http.createServer(withHealth(next, { ready: async () => {}, registry: page(), log }));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    ({ port } = server.address() as net.AddressInfo);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const connections = (): Promise<number> => promisify(server.getConnections.bind(server))();
  const get = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

  /** Asks for the page and leaves it where it is. */
  async function ask(): Promise<net.Socket> {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.on('error', () => {}).pause();
    await once(socket, 'connect');
    socket.write('GET /metrics HTTP/1.1\r\nHost: cell\r\n\r\n');
    return socket;
  }

  test('who takes it byte by byte gets all of it, and holds nobody up', async () => {
    const socket = await ask();
    let got = 0;
    while (got < 2_000) {
      const piece = socket.read(1) as Buffer | null;
      if (piece === null) await once(socket, 'readable');
      else got += piece.length;
    }
    expect(await get('/v1/anything')).toBe('an answer');
    expect(await get('/metrics')).toContain('driftbox_test_weight 1');
    socket.on('data', (piece: Buffer) => void (got += piece.length));
    await waitFor(() => got > weight.length);
  });

  test('of however many no more than so many are held, and others are answered meanwhile', async () => {
    const sockets: net.Socket[] = [];
    for (let count = 0; count < most + 8; count += 1) {
      sockets.push(await ask());
      if (count % most === 0) expect(await get('/v1/anything')).toBe('an answer');
    }
    expect(await get('/metrics')).toContain('driftbox_test_weight 1');
    // Those of `fetch` stay open for the next request.
    await waitFor(async () => (await connections()) <= most + 2, { what: 'the oldest readers being cut off' });
    for (const socket of sockets) socket.destroy();
    await waitFor(async () => (await connections()) <= 2);
    expect(await get('/metrics')).toContain('driftbox_test_weight 1');
  });
});
