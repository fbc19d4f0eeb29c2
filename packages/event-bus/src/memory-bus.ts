import assert from 'node:assert/strict';
import { parseCloudEvent, type CloudEvent } from './cloud-event.ts';
import { createMemoryDeadLetters, toldDeadLetters, type DeadLetterNews, type DeadLetterStore } from './dead-letter-store.ts';
import { BusUnavailable, type EventBus } from './event-bus.ts';
import { Group, persistenceOf, type Persistence } from './group.ts';
import { replayLetter } from './replay-letter.ts';
import { createSlots } from './slots.ts';
import { tracedSending } from './trace-events.ts';

/** All durations in milliseconds. */
export type MemoryBusOptions = Partial<Persistence> & {
  /** Default: in memory, lost with the process. */
  readonly deadLetters?: DeadLetterStore | undefined;
  /** Told of each event that is given up. */
  readonly onDeadLetter?: ((news: DeadLetterNews) => void) | undefined;
  /** Events accepted and not yet handled by all groups; default 1,000. As many publishers may wait. */
  readonly queueLimit?: number | undefined;
  /** How long a publisher waits for a place; default 10,000. */
  readonly publishTimeoutMs?: number | undefined;
  /** How long `close` waits for handlers; default 10,000. */
  readonly drainMs?: number | undefined;
};

/**
 * The bus of a single process. It keeps no events of its own: `publish` resolves only when every group that has ever
 * subscribed to the topic has handled the event (or it is a dead letter), so what it has not finished is still in the
 * publisher's outbox after a crash, and comes again. Subscribe before the outboxes are relayed: an event that finds no
 * group is nobody's.
 */
export function createMemoryBus(options: MemoryBusOptions = {}): EventBus {
  const { queueLimit = 1_000, publishTimeoutMs = 10_000, drainMs = 10_000 } = options;
  const deadLetters = toldDeadLetters(options.deadLetters ?? createMemoryDeadLetters(), options.onDeadLetter);
  const persistence = persistenceOf(options);
  const slots = createSlots(queueLimit, publishTimeoutMs);
  const groups = new Map<string, Group>();
  const inFlight = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  async function publishToGroups(topic: string, key: string, event: CloudEvent, sentBy: string | undefined): Promise<void> {
    await slots.take();
    try {
      const interested = [...groups.values()].filter((group) => group.topics.has(topic));
      const settled = await Promise.allSettled(interested.map((group) => group.accept({ topic, key, event, sentBy })));
      for (const one of settled) if (one.status === 'rejected') throw one.reason;
    } finally {
      slots.give();
    }
  }

  async function close(): Promise<void> {
    slots.shut();
    const timer = setTimeout(() => groups.forEach((group) => group.end()), drainMs);
    await Promise.allSettled(inFlight);
    clearTimeout(timer);
    groups.forEach((group) => group.end());
  }

  return {
    publish: async (topic, key, event) => {
      assert(parseCloudEvent(event) !== undefined, 'what is published is a CloudEvent');
      const published = tracedSending('memory', topic, event, (sentBy) => publishToGroups(topic, key, event, sentBy));
      inFlight.add(published);
      await published.finally(() => inFlight.delete(published));
    },
    subscribe: async (wanted) => {
      if (closing !== undefined) throw new BusUnavailable('the bus is closed');
      const group = groups.get(wanted.group) ?? new Group(wanted.group, 'memory', persistence, deadLetters);
      groups.set(wanted.group, group);
      const member = group.join(wanted);
      return { stop: () => group.leave(member) };
    },
    deadLetters: (limit) => deadLetters.list(limit),
    replay: (id) => replayLetter(deadLetters, id, (name) => groups.get(name)),
    backlog: () => ({ toSend: slots.waiting, toHandle: slots.taken }),
    close: () => (closing ??= close()),
  };
}
