import { setTimeout as delay } from 'node:timers/promises';
import type { EventBus, SubscribeOptions, Subscription } from './event-bus.ts';

/** How a service waits for its bus. */
export type JoinLaterOptions = {
  /** Told each time that a group could not be joined: for a log. */
  readonly onError: (error: unknown) => void;
  /** Between two tries; default 1,000 ms. */
  readonly retryMs?: number | undefined;
};

/**
 * Lets a service start without its bus: `subscribe` answers at once and joins as soon as the bus lets it, trying for ever.
 * For a bus that keeps events for groups that are not there yet; on another, events published before would be nobody's.
 */
export function joinLater(bus: EventBus, { onError, retryMs = 1_000 }: JoinLaterOptions): EventBus {
  async function join(options: SubscribeOptions, stopping: AbortSignal): Promise<Subscription | undefined> {
    while (!stopping.aborted) {
      try {
        return await bus.subscribe(options);
      } catch (error) {
        if (stopping.aborted) break;
        onError(error);
        await delay(retryMs, undefined, { signal: stopping }).catch(() => {});
      }
    }
    return undefined;
  }

  return {
    ...bus,
    subscribe: async (options) => {
      const stopping = new AbortController();
      let joined: Subscription | undefined;
      const joining = join(options, stopping.signal).then(async (subscription) => {
        joined = subscription;
        // It was let in after it had gone.
        if (stopping.signal.aborted) await subscription?.stop();
      });
      joining.catch(onError);
      return {
        stop: async () => {
          stopping.abort();
          // A join that is under way may take as long as the brokers are away; nobody waits for that.
          await joined?.stop();
        },
      };
    },
  };
}
