import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { parseNetworks } from './check-address.ts';
import type { Resolve } from '@driftbox/service-kit';
import { sendDelivery } from './send-delivery.ts';

const got: { url: string; body: string }[] = [];
let answer: (response: http.ServerResponse) => void;
const receiver = http.createServer((request, response) => {
  let body = '';
  request
    .on('data', (piece: Buffer) => (body += piece.toString()))
    .on('end', () => {
      got.push({ url: request.url ?? '', body });
      answer(response);
    });
});
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  port = (receiver.address() as AddressInfo).port;
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});
beforeEach(() => {
  got.length = 0;
  answer = (response) => response.end();
});

const allowed = parseNetworks('127.0.0.0/8');
const to =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
const send = (host: string, resolve?: Resolve, networks = allowed, timeoutMs = 5_000) =>
  sendDelivery(`http://${host}:${port}/in?a=b`, 'the body', { 'x-one': '1' }, { networks, resolve, timeoutMs });

test('what is answered with 2xx has arrived', async () => {
  expect(await send('receiver.test', to('127.0.0.1'))).toEqual({ kind: 'arrived', status: 200 });
  expect(got).toEqual([{ url: '/in?a=b', body: 'the body' }]);
});

test.each(['127.0.0.1', '[::1]', '0x7f.1', '2130706433', 'localhost'])('%s is not reached by default', async (host) => {
  expect(await send(host, undefined, parseNetworks(''))).toMatchObject({
    kind: 'failed',
    error: expect.stringMatching(/private|no public/),
  });
  expect(got).toEqual([]);
});

test('a name that leads to public addresses when it is looked up, and elsewhere a moment later, gains nothing', async () => {
  // 127.0.0.1 stands for what is allowed, 127.1.1.1 for what is inside: the receiver hears on both.
  const networks = parseNetworks('127.0.0.1/32');
  let looks = 0;
  const rebinding: Resolve = async () => [{ address: (looks += 1) === 1 ? '127.0.0.1' : '127.1.1.1', family: 4 }];
  expect((await send('rebinding.test', rebinding, networks)).kind).toBe('arrived');
  expect(looks).toBe(1);
  expect(await send('rebinding.test', rebinding, networks)).toEqual({ kind: 'failed', error: 'the name leads to no public address' });
  // Of several only those are connected to that may be.
  expect((await send('several.test', to('127.1.1.1', '127.0.0.1'), networks)).kind).toBe('arrived');
  expect(got).toHaveLength(2);
});

test('redirects are not followed', async () => {
  answer = (response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/inside` }).end();
  expect(await send('receiver.test', to('127.0.0.1'))).toEqual({ kind: 'failed', status: 307, error: 'answered 307' });
  expect(got.map(({ url }) => url)).toEqual(['/in?a=b']);
});

test('a receiver that is away, that answers nothing, or that never ends its answer', async () => {
  expect(await sendDelivery('http://receiver.test:1/', '', {}, { networks: allowed, resolve: to('127.0.0.1'), timeoutMs: 5_000 })).toEqual({
    kind: 'failed',
    error: 'could not be reached: ECONNREFUSED',
  });
  answer = () => {};
  expect(await send('receiver.test', to('127.0.0.1'), allowed, 50)).toEqual({ kind: 'failed', error: 'did not answer in time' });
  answer = (response) => void response.writeHead(200).write('and so on');
  expect((await send('receiver.test', to('127.0.0.1'))).kind).toBe('arrived');
});
