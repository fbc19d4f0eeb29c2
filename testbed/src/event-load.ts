import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import type { CloudEvent, EventBus } from '@driftbox/event-bus';

/** What an event of the load says of itself: the n-th of its key. */
export type LoadEvent = { readonly key: string; readonly n: number };

/** Publishers that go on until they are stopped, one for each key, as outboxes would: in order, and again after a failure. */
export type EventLoad = {
  /** Acknowledged so far, by event id. */
  readonly acknowledged: ReadonlyMap<string, LoadEvent>;
  /** How often `publish` failed, and its event was published again. */
  readonly failures: () => number;
  /** Resolves when every publisher has had its last event acknowledged. */
  stop(): Promise<void>;
};

/** Starts publishing to `topic` with so many keys. */
export function startEventLoad(bus: EventBus, topic: string, keys: number): EventLoad {
  const acknowledged = new Map<string, LoadEvent>();
  let failures = 0;
  let stopping = false;

  async function publishAll(key: string): Promise<void> {
    for (let n = 0; !stopping; n += 1) {
      const event = eventOf({ key, n });
      while (!(await isPublished(event))) await delay(50);
      acknowledged.set(event.id, event.data);
      // A bus in this process may acknowledge at once: others must get their turn.
      await turn();
    }
  }

  async function isPublished(event: CloudEvent<LoadEvent>): Promise<boolean> {
    try {
      await bus.publish(topic, event.data.key, event);
      return true;
    } catch {
      failures += 1;
      return false;
    }
  }

  const publishers = Array.from({ length: keys }, (_, index) => publishAll(`key-${index}`));
  return {
    acknowledged,
    failures: () => failures,
    stop: async () => {
      stopping = true;
      await Promise.all(publishers);
    },
  };
}

function eventOf(data: LoadEvent): CloudEvent<LoadEvent> {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: '/testbed/load',
    type: 'load',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenant: '0197a000-0000-7000-8000-000000000001',
    partitionkey: data.key,
    data,
  };
}
