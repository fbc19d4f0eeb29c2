import http from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { defineRoute, Problem } from '@driftbox/protocol';
import { startTraceReceiver, waitFor } from '@driftbox/testkit';
import { currentTraceparent, isTracing, traced } from '@driftbox/tracing';
import pino from 'pino';
import { z } from 'zod';
import { createLogger } from '../logger.ts';
import { handle } from '../route-request.ts';
import { acme, bearer, createWorld } from '../testing/world.ts';
import { startTracing, type Tracing } from './start-tracing.ts';

const answers = {
  fine: () => ({ traceparent: currentTraceparent() ?? '' }),
  missing: () => Promise.reject(new Problem('not_found', 'no such thing')),
  broken: () => traced({ name: 'inner', kind: 'client', attributes: {} }, () => Promise.reject(new Error('/home/ada/diary.txt'))),
};
const getThing = defineRoute({
  service: 'metadata',
  summary: 'test',
  name: 'getThing',
  method: 'GET',
  path: '/v1/things/*thing',
  auth: 'user',
  params: z.object({ thing: z.string() }),
  query: z.object({ answer: z.enum(['fine', 'missing', 'broken']) }),
  answer: z.object({ traceparent: z.string() }),
});
const binding = handle(getThing, ({ query, log }) => {
  log.info('working');
  return answers[query.answer]();
});
const quiet = pino({ level: 'silent' });

let tracing: Tracing | undefined;
afterEach(async () => {
  await tracing?.stop();
  tracing = undefined;
});

async function start(endpoint: string, ratio: number, log = quiet): Promise<void> {
  tracing = await startTracing({ url: `${endpoint}/v1/traces`, headers: {}, ratio, gatherMs: 20 }, 'test', log);
}

async function ask(world: ReturnType<typeof createWorld>, answer: keyof typeof answers, traceparent?: string) {
  const headers = { host: 'acme.test', authorization: await bearer(), ...(traceparent === undefined ? {} : { traceparent }) };
  const given = await world.service.transport({ method: 'GET', path: `/v1/things/diary.txt?answer=${answer}`, headers });
  const pieces: Uint8Array[] = [];
  for await (const piece of given.body) pieces.push(piece);
  return { status: given.status, body: JSON.parse(Buffer.concat(pieces).toString()) as { traceparent: string } };
}

const caller = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' };
const header = `00-${caller.trace}-${caller.span}-00`;

describe('a request', () => {
  test('without a collector is not traced, and nothing for it is loaded', async () => {
    tracing = await startTracing(undefined, 'test', quiet);
    expect(isTracing()).toBe(false);
    expect((await ask(createWorld([binding]), 'fine', header)).body.traceparent).toBe('');
  });

  test('is a step of the trace that its header names, says so in the log, and tells neither path nor token', async () => {
    await using receiver = await startTraceReceiver();
    await start(receiver.endpoint, 1);
    const world = createWorld([binding]);
    const { body } = await ask(world, 'fine', header);
    await waitFor(() => receiver.spans.length === 1);
    const [span] = receiver.spans;
    expect(body.traceparent).toBe(`00-${caller.trace}-${span?.spanId}-01`);
    expect(span).toEqual({
      process: 'test',
      traceId: caller.trace,
      spanId: expect.any(String),
      parentSpanId: caller.span,
      name: 'GET /v1/things/*thing',
      attributes: {
        'driftbox.service': 'test',
        'driftbox.tenant.id': acme,
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'http.route': '/v1/things/*thing',
      },
      failed: false,
    });
    expect(world.lines.map(({ msg, trace_id: id }) => [msg, id])).toEqual([
      ['working', caller.trace],
      ['request', caller.trace],
    ]);
    expect(receiver.text()).not.toMatch(/diary|Bearer|eyJ/);
  });

  test('that fails is kept with its steps though none else is, and says by what error, not its words', async () => {
    await using receiver = await startTraceReceiver();
    await start(receiver.endpoint, 0);
    const world = createWorld([binding]);
    for (const answer of ['fine', 'missing', 'broken', 'fine'] as const) await ask(world, answer);
    await waitFor(() => receiver.spans.length > 0);
    await tracing?.stop();
    expect(receiver.spans.map(({ name, failed, attributes }) => [name, failed, attributes['error.type']])).toEqual([
      ['inner', true, 'Error'],
      ['GET /v1/things/*thing', true, '500'],
    ]);
    expect(receiver.text()).not.toMatch(/diary|home/);
  });

  test('that no trace id would keep is not kept because a stranger says so', async () => {
    await using receiver = await startTraceReceiver();
    await start(receiver.endpoint, 0);
    const { body } = await ask(createWorld([binding]), 'fine', header.replace(/00$/, '01'));
    expect(body.traceparent).toMatch(/-00$/);
    await tracing?.stop();
    expect(receiver.spans).toEqual([]);
  });
});

describe('a collector', () => {
  test('that is away fails no request, and is told of once', async () => {
    const complaints: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void complaints.push(line) });
    await start('http://127.0.0.1:9', 1, log);
    const world = createWorld([binding]);
    for (let count = 0; count < 20; count += 1) expect((await ask(world, 'fine')).status).toBe(200);
    await tracing?.stop();
    tracing = undefined;
    expect(complaints.length).toBeLessThanOrEqual(1);
  });

  test('that refuses, and then does not, is told of by lines of no request', async () => {
    let status = 400;
    const refusing = http.createServer((request, response) => request.resume().on('end', () => response.writeHead(status).end('{}')));
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const lines: string[] = [];
    const log = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
    await start(`http://127.0.0.1:${(refusing.address() as net.AddressInfo).port}`, 1, log);
    const world = createWorld([binding]);
    // Its inner step ends within the request, and what it begins then is nevertheless no part of it.
    await ask(world, 'broken');
    await waitFor(() => lines.length === 1);
    status = 200;
    await ask(world, 'fine');
    await waitFor(() => lines.length === 2);
    refusing.closeAllConnections();
    refusing.close();
    const told = lines.map((line) => JSON.parse(line) as { level: string; msg: string; trace_id?: string });
    expect(told.map(({ level, msg, trace_id: id }) => [level, msg, id])).toEqual([
      ['warn', 'traces could not be sent', undefined],
      ['info', 'traces are sent again', undefined],
    ]);
  });

  test('that takes connections and never answers is waited for by nobody', async () => {
    const sockets: net.Socket[] = [];
    const silent = net.createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const connected = new Promise((resolve) => silent.once('connection', resolve));
    await start(`http://127.0.0.1:${port}`, 1);
    const world = createWorld([binding]);
    await ask(world, 'fine');
    await connected;
    for (let count = 0; count < 100; count += 1) expect((await ask(world, 'fine')).status).toBe(200);
    await tracing?.stop();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});
