import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort, testComponent, waitFor } from '@driftbox/testkit';
import { applyTopics, BusUnavailable, createKafkaBus, type CloudEvent, type EventBus } from '../index.ts';
import { openTestBus, testKafka } from '../testing/kafka-world.ts';

const brokers = testComponent('kafka').brokers;
let bus: EventBus;
let topic: string;
let group: string;
beforeEach(async () => {
  topic = `test.${randomUUID()}`;
  group = `group.${randomUUID()}`;
  bus = await openTestBus({ maxAttempts: 2, retryDelayMs: 1 });
});
afterEach(() => bus.close());

function eventOf(n: number, key = 'k'): CloudEvent {
  const fixed = { specversion: '1.0', source: '/test', type: 'test', datacontenttype: 'application/json', tenant: 't' } as const;
  return { ...fixed, id: randomUUID(), time: new Date().toISOString(), partitionkey: key, data: n };
}
const publish = (n: number, key = 'k'): Promise<void> => bus.publish(topic, key, eventOf(n, key));

async function events(...args: string[]): Promise<unknown[]> {
  const main = path.resolve(import.meta.dirname, '../main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', main, ...args, '--brokers', brokers.join(',')]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

describe('topics', () => {
  test('are made once, changed where they differ, and never given another number of partitions', async () => {
    const wanted = { name: topic, partitions: 3, retention: { days: 2 } };
    const apply = async (change: object) => (await applyTopics(testKafka(), [{ ...wanted, ...change }], { replicas: 1 }))[0];
    expect(await apply({})).toEqual({ name: topic, outcome: 'created' });
    expect(await apply({})).toEqual({ name: topic, outcome: 'unchanged' });
    expect(await apply({ retention: { days: 3 } })).toEqual({ name: topic, outcome: 'changed' });
    // A broker may answer from before for a moment; to change it once more is harmless.
    await waitFor(async () => (await apply({ retention: { days: 3 } }))?.outcome === 'unchanged', { deadlineMs: 20_000 });
    expect(await apply({ partitions: 4 })).toMatchObject({ outcome: 'conflict', reason: expect.stringContaining('3 partitions') });
  });

  test('are applied by a command', async () => {
    const outcomes = await events('topics', '--replicas', '1');
    expect(outcomes).toContainEqual({ name: 'driftbox.files', outcome: 'unchanged' });
  });

  test('that nobody declared are refused', async () => {
    const bare = createKafkaBus({ brokers, clientId: 'test' });
    await expect(bare.publish(`none.${randomUUID()}`, 'k', eventOf(1))).rejects.toBeInstanceOf(BusUnavailable);
    await bare.close();
  });
});

test('brokers that are not there are told as unavailable, to who publishes and to who listens', async () => {
  const away = createKafkaBus({ brokers: [`127.0.0.1:${await freePort()}`], clientId: 'test' });
  await expect(away.publish(topic, 'k', eventOf(1))).rejects.toBeInstanceOf(BusUnavailable);
  await expect(away.subscribe({ group, topics: [topic], handler: async () => {} })).rejects.toBeInstanceOf(BusUnavailable);
  await away.close();
}, 90_000);

describe('dead letters, by command', () => {
  test('go to their group alone, and stay where they fail again', async () => {
    let broken = true;
    const handled: unknown[] = [];
    const others: unknown[] = [];
    await bus.subscribe({
      group,
      topics: [topic],
      handler: async ({ data }) => {
        if (broken && data === 1) throw new Error('cannot');
        handled.push(data);
      },
    });
    await bus.subscribe({ group: `${group}-2`, topics: [topic], handler: async ({ data }) => void others.push(data) });
    await publish(1);
    const mine = async () => (await bus.deadLetters(1_000)).filter((letter) => letter.group === group);
    await waitFor(async () => (await mine()).length === 1, { deadlineMs: 20_000 });
    await events('replay', '--group', group);
    await publish(2);
    await waitFor(() => handled.includes(2) && others.includes(2), { deadlineMs: 20_000 });
    expect(await mine()).toHaveLength(1);
    broken = false;
    expect(await events('dead-letters', '--limit', '100000')).toContainEqual(expect.objectContaining({ group, cause: 'cannot' }));
    await events('replay', '--id', (await mine())[0]?.id ?? '');
    await waitFor(() => handled.includes(1), { deadlineMs: 20_000 });
    await waitFor(async () => (await mine()).length === 0, { deadlineMs: 20_000 });
    expect(others).toEqual([1, 2]);
  }, 90_000);
});

describe('a group', () => {
  test('goes on where it was, or from an earlier offset or time when it is rewound', async () => {
    const seen: unknown[] = [];
    const follow = () => bus.subscribe({ group, topics: [topic], handler: async ({ data }) => void seen.push(data) });
    const first = await follow();
    await publish(1);
    await publish(2);
    await waitFor(() => seen.length === 2, { deadlineMs: 20_000 });
    await first.stop();
    const second = await follow();
    await publish(3);
    await waitFor(() => seen.length === 3, { deadlineMs: 20_000 });
    expect(seen).toEqual([1, 2, 3]);
    await second.stop();
    await events('rewind', '--group', group, '--topic', topic, '--offset', '0');
    const third = await follow();
    await waitFor(() => seen.length === 6, { deadlineMs: 20_000 });
    expect(seen.slice(3)).toEqual([1, 2, 3]);
    await third.stop();
    await events('rewind', '--group', group, '--topic', topic, '--time', new Date(Date.now() + 3_600_000).toISOString());
    const fourth = await follow();
    await publish(4);
    await waitFor(() => seen.length === 7, { deadlineMs: 20_000 });
    expect(seen.at(-1)).toBe(4);
    await fourth.stop();
  }, 90_000);

  test('that is behind takes only so much at once, and loses nothing when a member joins or leaves', async () => {
    const total = 600;
    await Promise.all(Array.from({ length: total }, (_, n) => publish(n, `key-${n % 30}`)));
    const seen = new Set<unknown>();
    let running = 0;
    let most = 0;
    const handler = async ({ data }: CloudEvent): Promise<void> => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      seen.add(data);
    };
    const follow = () => bus.subscribe({ group, topics: [topic], concurrency: 2, handler });
    const first = await follow();
    await waitFor(() => seen.size > 20, { deadlineMs: 20_000 });
    const second = await follow();
    await waitFor(() => seen.size > 200, { deadlineMs: 30_000 });
    await first.stop();
    await waitFor(() => seen.size === total, { deadlineMs: 60_000 });
    expect(most).toBeLessThanOrEqual(4);
    await second.stop();
  }, 150_000);
});
