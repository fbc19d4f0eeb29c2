import { expect, test } from '@jest/globals';
import { piecesOf } from '@driftbox/api-client';
import type { Transport } from '@driftbox/api-client';
import { TokenBucket, limitTransport } from './limit-transport.ts';

test('a bucket gives out its rate, a burst at most', async () => {
  let nowMs = 0;
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
    nowMs += ms;
  };
  const bucket = new TokenBucket(1_000, () => nowMs, wait);
  for (let index = 0; index < 10; index += 1) await bucket.take(500);
  // A quarter of a second of the rate was there at the beginning.
  expect(nowMs).toBeCloseTo(5_000 - 250);
  nowMs += 60_000;
  await bucket.take(250);
  const before = nowMs;
  await bucket.take(1_000);
  expect(nowMs - before).toBeCloseTo(1_000);
});

test('a limited transport carries the same bytes both ways', async () => {
  const sent: Uint8Array[] = [];
  const answered = Buffer.alloc(100_000, 5);
  const transport: Transport = async ({ body }) => {
    for await (const piece of piecesOf(body)) sent.push(piece);
    return { status: 200, headers: {}, body: piecesOf(answered) };
  };
  const limited = limitTransport(transport, { upPerSecond: 1e9, downPerSecond: 1e9 });
  const bytes = Buffer.alloc(50_000, 3);
  const { body } = await limited({ method: 'PUT', path: '/', headers: {}, body: bytes });
  const got: Uint8Array[] = [];
  for await (const piece of body) got.push(piece);
  expect(Buffer.concat(sent).equals(bytes)).toBe(true);
  expect(Buffer.concat(got).equals(answered)).toBe(true);
});

test('without limits a request goes as it is', async () => {
  const body = Buffer.from('x');
  const transport: Transport = async (request) => {
    expect(request.body).toBe(body);
    return { status: 204, headers: {}, body: piecesOf(undefined) };
  };
  await limitTransport(transport, {})({ method: 'PUT', path: '/', headers: {}, body });
});
