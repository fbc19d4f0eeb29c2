import { currentTraceparent } from '@driftbox/tracing';
import { deliverHint } from './deliver-hint.ts';
import type { Hint, HintBus } from './hint-bus.ts';

/** The hint bus of a single process. Listeners run after the publisher's own step, never inside it. */
export function createMemoryHintBus(onError: (error: unknown) => void = () => {}): HintBus {
  const listeners = new Set<(hint: Hint) => void>();

  return {
    publish: (hint) => {
      const sentBy = currentTraceparent();
      queueMicrotask(() => deliverHint({ hint, sentBy }, { system: 'memory', listeners, onError }));
    },
    subscribe: (listener) => {
      // A function of its own: subscribing one twice is two subscriptions.
      const own = (hint: Hint): void => listener(hint);
      listeners.add(own);
      return Promise.resolve({
        stop: () => {
          listeners.delete(own);
          return Promise.resolve();
        },
      });
    },
    close: () => {
      listeners.clear();
      return Promise.resolve();
    },
  };
}
