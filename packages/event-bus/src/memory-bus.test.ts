import { expect, describe, test } from '@jest/globals';
import { temporaryFolder, waitFor } from '@driftbox/testkit';
import { eventBusConformance } from './conformance.ts';
import {
  BusUnavailable,
  createFolderDeadLetters,
  createMemoryBus,
  createMemoryDeadLetters,
  parseCloudEvent,
  type CloudEvent,
  type EventBus,
} from './index.ts';
import { testEvent } from './testing/test-event.ts';

eventBusConformance('memory bus', async (settings) => createMemoryBus(settings));

const publish = (bus: EventBus, data: unknown, key = String(data)): Promise<void> => bus.publish('t', key, testEvent(data));

describe('the memory bus', () => {
  test('publish resolves only when the event has been handled', async () => {
    const bus = createMemoryBus();
    const hold = Promise.withResolvers<void>();
    let resolved = false;
    let started = false;
    await bus.subscribe({ group: 'g', topics: ['t'], handler: () => ((started = true), hold.promise) });
    const published = publish(bus, 1).then(() => (resolved = true));
    await waitFor(() => started);
    expect(resolved).toBe(false);
    hold.resolve();
    await published;
    await bus.close();
  });

  test('handles so many keys at once, and no more', async () => {
    const bus = createMemoryBus();
    let running = 0;
    let most = 0;
    const handler = async (): Promise<void> => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await bus.subscribe({ group: 'g', topics: ['t'], concurrency: 3, handler });
    await Promise.all(Array.from({ length: 60 }, (_, n) => publish(bus, n)));
    expect(most).toBe(3);
    await bus.close();
  });

  test('it tells how many events wait for a place, and how many to be dealt with', async () => {
    const bus = createMemoryBus({ queueLimit: 2 });
    const gate = Promise.withResolvers<void>();
    await bus.subscribe({ group: 'g', topics: ['t'], handler: () => gate.promise });
    const published = [1, 2, 3].map((n) => publish(bus, n));
    await waitFor(() => bus.backlog().toSend === 1);
    expect(bus.backlog()).toEqual({ toSend: 1, toHandle: 2 });
    gate.resolve();
    await Promise.all(published);
    expect(bus.backlog()).toEqual({ toSend: 0, toHandle: 0 });
    await bus.close();
  });

  test('a publisher does not wait for ever', async () => {
    const bus = createMemoryBus({ queueLimit: 1, publishTimeoutMs: 5, drainMs: 1 });
    await bus.subscribe({ group: 'g', topics: ['t'], handler: () => new Promise(() => {}) });
    const stuck = publish(bus, 1);
    const outcome = expect(stuck).rejects.toBeInstanceOf(BusUnavailable);
    await expect(publish(bus, 2)).rejects.toThrow('no place within');
    await bus.close();
    await outcome;
  });

  test('a handler that never ends is interrupted, and its event becomes a dead letter', async () => {
    const told: unknown[] = [];
    const bus = createMemoryBus({ handlerTimeoutMs: 5, maxAttempts: 2, retryDelayMs: 1, onDeadLetter: (news) => void told.push(news) });
    await bus.subscribe({ group: 'g', topics: ['t'], handler: () => new Promise(() => {}) });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const event = { ...testEvent(1), traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    await bus.publish('t', '1', event);
    expect(await bus.deadLetters(10)).toMatchObject([{ attempts: 2, event: { data: 1 } }]);
    // What a log may know, and nothing of what the event says.
    const { id: eventId, type, tenant: tenantId } = event;
    expect(told).toEqual([{ group: 'g', topic: 't', type, eventId, tenantId, attempts: 2, trace_id: traceId }]);
    await bus.close();
  });

  test('an event whose group has nobody left goes back to its publisher, not to the dead letters', async () => {
    const bus = createMemoryBus({ handlerTimeoutMs: 5 });
    await (await bus.subscribe({ group: 'g', topics: ['t'], handler: async () => {} })).stop();
    await expect(publish(bus, 1)).rejects.toBeInstanceOf(BusUnavailable);
    expect(await bus.deadLetters(10)).toEqual([]);
    await bus.close();
  });

  test('when a dead letter cannot be kept the event stays with its publisher', async () => {
    const bus = createMemoryBus({ maxAttempts: 1, deadLetters: createMemoryDeadLetters(1) });
    await bus.subscribe({ group: 'g', topics: ['t'], handler: () => Promise.reject(new Error('no')) });
    await publish(bus, 1);
    await expect(publish(bus, 2)).rejects.toBeInstanceOf(BusUnavailable);
    await bus.close();
  });

  test('dead letters in a folder outlive the bus and are replayed by the next', async () => {
    await using folder = await temporaryFolder();
    const first = createMemoryBus({ maxAttempts: 1, deadLetters: createFolderDeadLetters(`${folder.path}/dead`) });
    await first.subscribe({ group: 'g', topics: ['t'], handler: () => Promise.reject(new Error('no')) });
    await publish(first, 1);
    await first.close();
    const second = createMemoryBus({ deadLetters: createFolderDeadLetters(`${folder.path}/dead`) });
    const seen: unknown[] = [];
    await second.subscribe({ group: 'g', topics: ['t'], handler: async (event) => void seen.push(event.data) });
    const [letter] = await second.deadLetters(10);
    expect(await second.replay(letter?.id ?? '')).toBe('handled');
    expect(seen).toEqual([1]);
    expect(await second.deadLetters(10)).toEqual([]);
    await second.close();
  });
});

describe('parseCloudEvent', () => {
  test('takes a whole event and refuses one with any required attribute missing or of another type', () => {
    const event = testEvent(1);
    expect(parseCloudEvent(event)).toBe(event);
    for (const name of Object.keys(event)) {
      const { [name as keyof CloudEvent]: _gone, ...rest } = event;
      expect(parseCloudEvent(rest)).toBeUndefined();
      if (name !== 'data') expect(parseCloudEvent({ ...event, [name]: 7 })).toBeUndefined();
    }
    for (const value of [null, 'text', 3, [], { ...event, time: 'yesterday' }, { ...event, subject: 1 }])
      expect(parseCloudEvent(value)).toBeUndefined();
  });
});
