import { expect, test } from '@jest/globals';
import { createMemoryBus, type CloudEvent } from '@driftbox/event-bus';
import { waitFor } from '@driftbox/testkit';
import { startEventLoad, type LoadEvent } from './event-load.ts';
import { createEventWitness } from './event-witness.ts';

const eventOf = (id: string, n: number): CloudEvent<LoadEvent> => ({
  specversion: '1.0',
  id,
  source: '/test',
  type: 'load',
  time: '2026-01-01T00:00:00Z',
  datacontenttype: 'application/json',
  tenant: 't',
  partitionkey: 'k',
  data: { key: 'k', n },
});

test('a load over a bus that loses nothing is found whole and in order', async () => {
  const bus = createMemoryBus();
  const witness = createEventWitness();
  await bus.subscribe({ group: 'g', topics: ['t'], handler: witness.handler });
  const load = startEventLoad(bus, 't', 3);
  await waitFor(() => load.acknowledged.size > 50);
  await load.stop();
  expect([witness.lost(load), witness.outOfOrder, witness.seen()]).toEqual([[], [], load.acknowledged.size]);
  await bus.close();
});

test('the witness sees what is lost, what comes out of order, and what comes twice', async () => {
  const witness = createEventWitness();
  for (const [id, n] of [
    ['a', 0],
    ['c', 2],
    ['a', 0],
    ['b', 1],
  ] as const)
    await witness.handler(eventOf(id, n));
  expect(witness.outOfOrder).toEqual([{ key: 'k', n: 1 }]);
  expect([witness.seen(), witness.repeated()]).toEqual([3, 1]);
  const acknowledged = new Map([
    ['a', { key: 'k', n: 0 }],
    ['d', { key: 'k', n: 3 }],
  ]);
  expect(witness.lost({ acknowledged, failures: () => 0, stop: async () => {} })).toEqual([{ key: 'k', n: 3 }]);
});
