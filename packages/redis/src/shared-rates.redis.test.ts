import { randomUUID } from 'node:crypto';
import { manualClock, startFaultProxy, testComponent, waitFor } from '@driftbox/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { SharedRates, type SharedRatesOptions } from './index.ts';

const { url } = testComponent('redis');
const slow = { perSecond: 0.001, burst: 3 };
const fast = { perSecond: 1_000, burst: 1_000 };

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function open(options: Partial<SharedRatesOptions> = {}): Promise<SharedRates> {
  const rates = new SharedRates({ url, prefix: `test:${randomUUID()}:`, patienceMs: 5_000, ...options });
  opened.push(rates);
  await waitFor(async () => (await rates.take([])) === 0);
  return rates;
}

describe('requests counted in Redis', () => {
  test('are counted together by all who ask', async () => {
    const prefix = `test:${randomUUID()}:`;
    const all = await Promise.all([open({ prefix }), open({ prefix }), open({ prefix })]);
    const answers = await Promise.all(Array.from({ length: 9 }, (_, index) => all[index % 3]!.take([{ key: 'a', rate: slow }])));
    expect(answers.filter((waitMs) => waitMs === 0)).toHaveLength(3);
    for (const waitMs of answers) expect(waitMs).toBeLessThanOrEqual(1_000_000);
  });

  test('count against all claims or none', async () => {
    const rates = await open();
    const user = { key: 'user', rate: slow };
    const tenant = { key: 'tenant', rate: { ...slow, burst: 5 } };
    for (let count = 0; count < 3; count += 1) expect(await rates.take([user, tenant])).toBe(0);
    expect(await rates.take([user, tenant])).toBeGreaterThan(0);
    // Five in a burst, three of which were taken: the refused request is none of them.
    for (let count = 0; count < 2; count += 1) expect(await rates.take([tenant])).toBe(0);
    expect(await rates.take([tenant])).toBeGreaterThan(0);
  });

  test('that may come again soon are taken when they do', async () => {
    const rates = await open();
    const claim = { key: 'a', rate: { perSecond: 50, burst: 1 } };
    expect(await rates.take([claim])).toBe(0);
    await waitFor(async () => (await rates.take([claim])) === 0);
  });

  test('leave nothing behind once a burst is whole again', async () => {
    const prefix = `test:${randomUUID()}:`;
    const rates = await open({ prefix });
    const looker = new Redis(url);
    opened.push({ close: () => looker.disconnect() });
    expect(await rates.take([{ key: 'a', rate: { perSecond: 20, burst: 5 } }])).toBe(0);
    await waitFor(async () => (await looker.keys(`${prefix}*`)).length === 0);
  });

  test('make nobody wait longer than a used up burst does, though the clock of Redis was set back a day', async () => {
    const prefix = `test:${randomUUID()}:`;
    const rates = await open({ prefix });
    const looker = new Redis(url);
    opened.push({ close: () => looker.disconnect() });
    await looker.set(`${prefix}a`, String(Date.now() + 86_400_000));
    const waitMs = await rates.take([{ key: 'a', rate: { perSecond: 1, burst: 5 } }]);
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(1_000);
  });

  test('go on over a value that is none', async () => {
    const prefix = `test:${randomUUID()}:`;
    const rates = await open({ prefix });
    const stranger = new Redis(url);
    opened.push({ close: () => stranger.disconnect() });
    await stranger.set(`${prefix}a`, 'not a number', 'PX', 60_000);
    expect(await rates.take([{ key: 'a', rate: slow }])).toBe(0);
  });
});

describe('a Redis that does not answer', () => {
  test('is not waited for: nobody is told anything until it is back', async () => {
    const { hostname, port } = new URL(url);
    await using proxy = await startFaultProxy({ host: hostname, port: Number(port) });
    const rates = await open({ url: `redis://${proxy.host}:${proxy.port}`, restMs: 0 });
    const claim = { key: 'a', rate: fast };
    expect(await rates.take([claim])).toBe(0);
    proxy.set({ refused: true });
    proxy.cut();
    await waitFor(async () => (await rates.take([claim])) === undefined);
    proxy.set({});
    await waitFor(async () => (await rates.take([claim])) === 0, { deadlineMs: 20_000 });
  });

  test('is left alone for a while after it was too slow', async () => {
    const { hostname, port } = new URL(url);
    await using proxy = await startFaultProxy({ host: hostname, port: Number(port) });
    const clock = manualClock(0);
    const errors: unknown[] = [];
    const address = `redis://${proxy.host}:${proxy.port}`;
    const rates = await open({ url: address, patienceMs: 500, restMs: 1_000, nowMs: clock.now, onError: (error) => errors.push(error) });
    errors.length = 0;
    proxy.set({ stalled: true });
    const claim = { key: 'a', rate: fast };
    expect(await rates.take([claim])).toBeUndefined();
    expect(errors).toHaveLength(1);
    proxy.set({});
    expect(await rates.take([claim])).toBeUndefined();
    expect(errors).toHaveLength(1);
    clock.advance(1_001);
    await waitFor(async () => (await rates.take([claim])) === 0 || (clock.advance(1_001), false), { deadlineMs: 20_000 });
  });
});
