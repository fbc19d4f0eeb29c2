import net from 'node:net';
import { routes, type Route } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startGateway, type TestGateway, type WrittenInput } from '../testing/gateway.ts';
import { send, type Answer } from '../testing/send.ts';

let gateway: TestGateway;
const start = async (input: WrittenInput = {}): Promise<void> => void (gateway = await startGateway({ input }));
afterEach(() => gateway?.close());

const capabilities = (from?: string): Promise<Answer> =>
  send(gateway.plain, '/v1/capabilities', from === undefined ? {} : { headers: { 'x-forwarded-for': from } });
const statuses = async (count: number, ask: () => Promise<Answer>): Promise<number[]> =>
  (await Promise.all(Array.from({ length: count }, ask))).map(({ status }) => status).sort();

describe('of one address', () => {
  test('more requests than its burst are refused as a problem that says when to come again', async () => {
    await start({ limits: { addressRequestsPerSecond: 1, addressRequestBurst: 4 } });
    const answers = await Promise.all(Array.from({ length: 12 }, () => capabilities()));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(5);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.headers['retry-after']).toBe('1');
    expect(refused[0]!.json).toMatchObject({ code: 'rate_limited', retryable: true });
  });

  test('attempts to sign in have a smaller limit, which reading does not share', async () => {
    await start({ limits: { openRequestsPerSecond: 1, openRequestBurst: 2 } });
    const logIn = () => send(gateway.plain, '/v1/login', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    expect((await statuses(8, logIn)).filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(await statuses(8, () => capabilities())).toEqual(Array(8).fill(200));
  });

  test('no more requests are served at once than it may have', async () => {
    await start({ limits: { addressConnections: 3 } });
    const waiting: (() => void)[] = [];
    gateway.echoes.auth.handler = (_request, response) => void waiting.push(() => response.end());
    const held = Array.from({ length: 3 }, () => capabilities());
    await waitFor(() => waiting.length === 3);
    const fourth = await capabilities();
    expect([fourth.status, fourth.json.code]).toEqual([429, 'rate_limited']);
    for (const release of waiting) release();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe('who a request comes from', () => {
  const addressOf = async (forwarded: string | undefined): Promise<string> =>
    (await capabilities(forwarded)).json.headers['x-forwarded-for'];

  test('is what the connection says, whatever the request claims, while no proxy is trusted', async () => {
    await start();
    expect(await addressOf('203.0.113.9')).toBe('127.0.0.1');
  });

  test('is what a trusted proxy says, but not what its client told it', async () => {
    await start({ trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] });
    expect(await addressOf(undefined)).toBe('127.0.0.1');
    expect(await addressOf('203.0.113.9')).toBe('203.0.113.9');
    expect(await addressOf('198.51.100.1, 203.0.113.9')).toBe('203.0.113.9');
    expect(await addressOf('198.51.100.1, 203.0.113.9, 10.1.2.3')).toBe('203.0.113.9');
    expect(await addressOf('nonsense')).toBe('127.0.0.1');
  });

  test('is counted by network of 64 bits where it is IPv6', async () => {
    await start({ trustedProxies: ['127.0.0.1'], limits: { addressRequestsPerSecond: 1, addressRequestBurst: 3 } });
    const many = await Promise.all(Array.from({ length: 10 }, (_, at) => capabilities(`2001:db8:1:2::${at}`)));
    expect(many.some(({ status }) => status === 429)).toBe(true);
    expect((await capabilities('2001:db8:1:3::1')).status).toBe(200);
    expect((await capabilities('203.0.113.1')).status).toBe(200);
  });
});

test('a body beyond the limit of its route is refused before anything of it is read', async () => {
  await start();
  const authorization = await gateway.cell.bearer();
  for (const route of Object.values<Route>(routes).filter(({ auth, body }) => auth === 'user' && body !== undefined)) {
    const limit = route.maxBodyBytes ?? 2 ** 20;
    const path = route.path.replaceAll(/[:*]\w+/g, 'x');
    const announce = (bytes: number) =>
      announced(gateway.plain, [
        `${route.method} ${path} HTTP/1.1`,
        'host: acme.test',
        `authorization: ${authorization}`,
        `content-length: ${bytes}`,
      ]);
    expect([path, (await announce(limit + 1)).slice(0, 12)]).toEqual([path, 'HTTP/1.1 413']);
  }
});

test('a chunked body is cut off at the limit, and its service never has the whole of it', async () => {
  await start();
  const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
  const answer = await send(gateway.plain, '/v1/login', { method: 'POST', headers, body: Buffer.alloc(2 ** 20 + 1, 'x') });
  expect([answer.status, answer.json.code]).toEqual([413, 'too_large']);
  expect(gateway.echoes.auth.seen).toEqual([]);
  expect((await send(gateway.plain, '/v1/login', { method: 'POST', headers, body: Buffer.alloc(2 ** 20, 'x') })).json.bodyBytes).toBe(
    2 ** 20,
  );
});

describe('a client that dawdles', () => {
  test('over its head is cut off, and others are served meanwhile', async () => {
    await start({ timeouts: { clientHeadSeconds: 1 } });
    const sockets = await Promise.all(
      Array.from({ length: 50 }, () => dawdle('GET /v1/capabilities HTTP/1.1\r\nhost: acme.test\r\nx-slow: ')),
    );
    expect((await capabilities()).status).toBe(200);
    await Promise.all(sockets.map(({ closed }) => closed));
  });

  test('over a JSON body never reaches the service', async () => {
    await start({ timeouts: { clientBodySeconds: 1 } });
    const { closed } = await dawdle('POST /v1/login HTTP/1.1\r\nhost: acme.test\r\ncontent-length: 100\r\n\r\n{');
    await closed;
    expect(gateway.echoes.auth.seen).toEqual([]);
  });

  test('over taking an answer is cut off', async () => {
    await start({ timeouts: { clientTakeSeconds: 1 } });
    let ended = false;
    gateway.echoes.upload.handler = (_request, response) => {
      response.once('close', () => (ended = true));
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        response.once('drain', write);
      };
      write();
    };
    const { socket } = await dawdle('GET /v1/content/0123456789abcdef HTTP/1.1\r\nhost: acme.test\r\n\r\n');
    socket.pause();
    await waitFor(() => ended, { deadlineMs: 20_000, what: 'the end of an answer that nobody takes' });
    socket.destroy();
  });

  async function dawdle(text: string): Promise<{ socket: net.Socket; closed: Promise<void> }> {
    const { hostname, port } = new URL(gateway.plain);
    const socket = net.connect(Number(port), hostname);
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
    socket.resume().write(text);
    return { socket, closed };
  }
});

/** Announces a body and sends none of it; answers what comes back first. */
async function announced(address: string, lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = net.connect(Number(port), hostname);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  for await (const piece of socket as AsyncIterable<Buffer>) return piece.toString();
  return '';
}
