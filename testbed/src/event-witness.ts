import type { CloudEvent } from '@driftbox/event-bus';
import type { EventLoad, LoadEvent } from './event-load.ts';

/** Sees the events of a load as one consumer group gets them, and says what went wrong with them. */
export type EventWitness = {
  readonly handler: (event: CloudEvent) => Promise<void>;
  /** Different events seen, and how often one came again. */
  readonly seen: () => number;
  readonly repeated: () => number;
  /** Acknowledged events that never came. */
  lost(load: EventLoad): LoadEvent[];
  /** Events that, repetitions aside, came after a later one of their key. */
  readonly outOfOrder: readonly LoadEvent[];
};

/** A witness that has seen nothing yet. */
export function createEventWitness(): EventWitness {
  const ids = new Set<string>();
  const lastOfKey = new Map<string, number>();
  const outOfOrder: LoadEvent[] = [];
  let repeated = 0;
  return {
    outOfOrder,
    seen: () => ids.size,
    repeated: () => repeated,
    lost: (load) => [...load.acknowledged].filter(([id]) => !ids.has(id)).map(([, event]) => event),
    handler: async ({ id, data }) => {
      if (ids.has(id)) {
        repeated += 1;
        return;
      }
      ids.add(id);
      const event = data as LoadEvent;
      const last = lastOfKey.get(event.key) ?? -1;
      if (event.n <= last) outOfOrder.push(event);
      lastOfKey.set(event.key, Math.max(last, event.n));
    },
  };
}
