import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { probeGateway } from './probe-gateway.ts';

let server: http.Server;
let address: string;
beforeAll(async () => {
  server = http.createServer((request, answer) => {
    const { host = '' } = request.headers;
    if (host === 'acme.example.com') return void answer.end('{}');
    if (host === 'long.example.com') return void answer.end('x'.repeat(100_000));
    if (host === 'cut.example.com') return void request.socket.destroy();
    const code = host === 'asleep.example.com' ? 'tenant_suspended' : 'not_found';
    answer.writeHead(code === 'not_found' ? 404 : 403, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ code }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

test.each([
  ['acme.example.com', { kind: 'serves' }],
  ['asleep.example.com', { kind: 'suspended' }],
  ['nobody.example.com', { kind: 'failed', why: 'it answers 404 (not_found)' }],
  ['long.example.com', { kind: 'failed', why: 'its answer is too long' }],
  ['cut.example.com', { kind: 'failed', why: expect.stringContaining('socket hang up') }],
])('%s', async (host, expected) => {
  expect(await probeGateway({ address }, host, AbortSignal.timeout(5_000))).toEqual({ host, ...expected });
});

test('a gateway that is not there is a failed probe, not an exception', async () => {
  const probe = await probeGateway({ address: 'http://127.0.0.1:1' }, 'acme.example.com', AbortSignal.timeout(5_000));
  expect(probe).toMatchObject({ kind: 'failed', why: expect.stringContaining('ECONNREFUSED') });
});
