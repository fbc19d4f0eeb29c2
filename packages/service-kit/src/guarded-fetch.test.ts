import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { guardedFetch } from './guarded-fetch.ts';

const guard = { privateHosts: new Set<string>(), timeoutMs: 2_000, maxBodyBytes: 1_000 };
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

/** A server on loopback; answers its port. */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  closers.push(() => server.close().closeAllConnections());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test.each([
  ['an address of this machine', 'https://127.0.0.1:1/'],
  ['one in other words', 'https://2130706433:1/'],
  ['one of IPv6', 'https://[::1]:1/'],
  ['one inside another', 'https://[::ffff:7f00:1]:1/'],
  ['a name of this machine', 'https://localhost:1/'],
  ["a cloud's metadata", 'https://169.254.169.254/latest/'],
])('refuses %s', async (_what, url) => {
  await expect(guardedFetch(guard)(url)).rejects.toThrow(/is not in the public internet/);
});

test('refuses plain HTTP, files and what is no address', async () => {
  await expect(guardedFetch(guard)('http://example.com/')).rejects.toThrow(/does not speak HTTPS/);
  await expect(guardedFetch(guard)('file:///etc/passwd')).rejects.toThrow(/does not speak HTTPS/);
  await expect(guardedFetch(guard)('example.com')).rejects.toThrow();
});

test('reaches a private host that is allowed, sends what it is given and follows no redirection', async () => {
  const port = await serve((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += String(piece)));
    request.on('end', () => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(`${request.method} ${body}`));
  });
  const fetching = guardedFetch({ ...guard, privateHosts: new Set(['127.0.0.1']) });
  const answer = await fetching(`http://127.0.0.1:${port}/`, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) });
  expect([answer.status, await answer.text()]).toEqual([302, 'POST a=b+c']);
});

test('ends an answer that is too large, and one that does not come', async () => {
  const port = await serve((request, response) => (request.url === '/large' ? response.end('x'.repeat(1_001)) : undefined));
  const fetching = guardedFetch({ ...guard, timeoutMs: 200, privateHosts: new Set(['127.0.0.1']) });
  await expect(fetching(`http://127.0.0.1:${port}/large`)).rejects.toThrow(/answers more than 1000 bytes/);
  await expect(fetching(`http://127.0.0.1:${port}/silent`)).rejects.toThrow(/aborted/);
});
