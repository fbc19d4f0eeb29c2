import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseDriveId, parseTenantId } from '@driftbox/domain';
import { newId, startFaultProxy, testComponent, waitFor } from '@driftbox/testkit';
import { connectRedis } from '@driftbox/redis';
import { hintBusConformance } from '../hint-bus-conformance.ts';
import { createRedisHintBus, type Hint, type HintBus, type RedisHintBusOptions } from '../index.ts';

const { url } = testComponent('redis');
const hintOf = (seq: number): Hint => ({ tenantId: newId(parseTenantId), drive: newId(parseDriveId), driveEpoch: 'e', seq });

hintBusConformance('Redis hint bus', async () => createRedisHintBus({ url, channel: `test:${randomUUID()}` }));

const buses: HintBus[] = [];
const open = (options: Partial<RedisHintBusOptions>): HintBus => {
  const bus = createRedisHintBus({ url, channel: 'test', ...options });
  buses.push(bus);
  return bus;
};
afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.close())));

describe('hints through Redis', () => {
  test('reach other processes', async () => {
    const channel = `test:${randomUUID()}`;
    const seen: Hint[] = [];
    await open({ channel }).subscribe((hint) => void seen.push(hint));
    const hint = hintOf(3);
    const sender = open({ channel });
    await waitFor(() => (sender.publish(hint), seen.length > 0));
    expect(seen[0]).toEqual(hint);
  });

  test('go on by themselves after Redis was lost, and nobody waits for it meanwhile', async () => {
    const { hostname, port } = new URL(url);
    await using proxy = await startFaultProxy({ host: hostname, port: Number(port) });
    const bus = open({ url: `redis://${proxy.host}:${proxy.port}`, channel: `test:${randomUUID()}`, subscribeTimeoutMs: 100 });
    const seen: number[] = [];
    await bus.subscribe(({ seq }) => void seen.push(seq));
    await waitFor(() => (bus.publish(hintOf(1)), seen.includes(1)));
    proxy.set({ refused: true });
    proxy.cut();
    await bus.subscribe(({ seq }) => void seen.push(seq));
    for (let n = 0; n < 5_000; n += 1) bus.publish(hintOf(2));
    proxy.set({});
    await waitFor(() => (bus.publish(hintOf(3)), seen.includes(3)), { deadlineMs: 20_000 });
    expect(seen.filter((seq) => seq === 2).length).toBeLessThanOrEqual(2_000);
  });

  test('that nobody could have sent are left out', async () => {
    const channel = `test:${randomUUID()}`;
    const seen: Hint[] = [];
    const bus = open({ channel });
    await bus.subscribe((hint) => void seen.push(hint));
    const stranger = connectRedis(url, () => {});
    await waitFor(() => stranger.status === 'ready');
    for (const text of [
      '',
      'null',
      '7',
      '{}',
      JSON.stringify({ ...hintOf(1), seq: 'x' }),
      JSON.stringify({ ...hintOf(1), drive: '../etc' }),
    ])
      await stranger.publish(channel, text);
    stranger.disconnect();
    await waitFor(() => (bus.publish(hintOf(9)), seen.length > 0));
    expect(new Set(seen.map(({ seq }) => seq))).toEqual(new Set([9]));
  });
});
