import { expect, test } from '@jest/globals';
import { waitFor } from '@driftbox/testkit';
import { BusUnavailable, createMemoryBus, joinLater, type CloudEvent, type EventBus } from './index.ts';

const event: CloudEvent = {
  specversion: '1.0',
  id: 'one',
  source: '/test',
  type: 'test.happened',
  time: '2026-01-01T00:00:00Z',
  datacontenttype: 'application/json',
  tenant: '77777777-7777-4777-8777-777777777777',
  partitionkey: 'key',
  data: {},
};

/** A bus that lets nobody in until it is told to. */
function awayBus(): { bus: EventBus; comeBack: () => void; tries: () => number } {
  const bus = createMemoryBus();
  let isThere = false;
  let tries = 0;
  const subscribe: EventBus['subscribe'] = async (options) => {
    tries += 1;
    if (!isThere) throw new BusUnavailable('away');
    return bus.subscribe(options);
  };
  return { bus: { ...bus, subscribe }, comeBack: () => (isThere = true), tries: () => tries };
}

test('a service starts while its bus is away, and hears of events once it is back', async () => {
  const away = awayBus();
  const errors: unknown[] = [];
  const heard: string[] = [];
  const bus = joinLater(away.bus, { retryMs: 5, onError: (error) => errors.push(error) });
  const handler = async ({ id }: CloudEvent): Promise<void> => void heard.push(id);
  const subscription = await bus.subscribe({ group: 'g', topics: ['t'], handler });
  await waitFor(() => errors.length >= 2, { deadlineMs: 5_000, what: 'two failures' });
  away.comeBack();
  const before = away.tries();
  await waitFor(() => away.tries() > before, { deadlineMs: 5_000, what: 'another try' });
  await bus.publish('t', 'key', event);
  await waitFor(() => heard.length > 0, { deadlineMs: 5_000, what: 'the event' });
  expect(heard).toEqual(['one']);
  await subscription.stop();
  await bus.close();
});

test('who stops while it is being let in leaves again at once', async () => {
  const letIn = Promise.withResolvers<void>();
  let isMember = false;
  const subscribe: EventBus['subscribe'] = async () => {
    await letIn.promise;
    isMember = true;
    return { stop: async () => void (isMember = false) };
  };
  const memory = createMemoryBus();
  const bus = joinLater({ ...memory, subscribe }, { onError: () => {} });
  const subscription = await bus.subscribe({ group: 'g', topics: ['t'], handler: async () => {} });
  await subscription.stop();
  letIn.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(isMember).toBe(false);
  await memory.close();
});
