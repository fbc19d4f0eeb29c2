import { randomUUID } from 'node:crypto';
import { testComponent, waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { applyTopics, createKafkaBus, requestReplay, topicsBelow, type CloudEvent, type EventBus } from '../index.ts';
import { testKafka } from '../testing/kafka-world.ts';

const { brokers } = testComponent('kafka');
const prefixes = [`one-${randomUUID()}.`, `two-${randomUUID()}.`] as const;
const options = prefixes.map((prefix) => ({ brokers, clientId: 'test', prefix, maxAttempts: 1, retryDelayMs: 1 }));
let cells: readonly [EventBus, EventBus];

beforeAll(async () => {
  for (const prefix of prefixes) await applyTopics(testKafka(), topicsBelow(prefix), { replicas: 1 });
  cells = [createKafkaBus(options[0]!), createKafkaBus(options[1]!)];
});
afterAll(async () => {
  for (const cell of cells) await cell.close();
});

function eventOf(data: string): CloudEvent {
  const fixed = { specversion: '1.0', source: '/test', type: 'test', datacontenttype: 'application/json', tenant: 't' } as const;
  return { ...fixed, id: randomUUID(), time: new Date().toISOString(), partitionkey: 'k', data };
}

test('two cells on one Kafka have the same topics and groups, and neither hears, buries or replays what is of the other', async () => {
  const heard: string[][] = [[], []];
  const failing = new Set(['broken']);
  for (const [n, cell] of cells.entries())
    await cell.subscribe({
      topics: ['driftbox.files'],
      group: 'sync',
      handler: async ({ data }, { topic }) => {
        if (failing.has(String(data))) throw new Error('no');
        heard[n]?.push(`${topic}: ${String(data)}`);
      },
    });
  for (const data of ['a', 'broken', 'b']) await cells[0].publish('driftbox.files', 'k', eventOf(data));
  await cells[1].publish('driftbox.files', 'k', eventOf('c'));
  const of = (...all: readonly string[]): string[] => all.map((data) => `driftbox.files: ${data}`);
  await waitFor(() => heard[0]?.length === 2 && heard[1]?.length === 1, { deadlineMs: 30_000, what: 'what both have published' });
  expect(heard).toEqual([of('a', 'b'), of('c')]);

  const [letter, ...more] = await cells[0].deadLetters(10);
  expect([letter?.topic, letter?.group, more]).toEqual(['driftbox.files', 'sync', []]);
  expect(await cells[1].deadLetters(10)).toEqual([]);
  failing.clear();
  expect(await requestReplay(options[1]!, { group: 'sync' })).toEqual([]);
  expect(await requestReplay(options[0]!, { group: 'sync' })).toEqual([letter?.id]);
  await waitFor(async () => (await cells[0].deadLetters(10)).length === 0, { deadlineMs: 30_000, what: 'the end of the dead letter' });
  expect(heard).toEqual([of('a', 'b', 'broken'), of('c')]);
}, 120_000);
