import type { Context } from './context.ts';
import { sweepExpired } from './sweep.ts';

/** Background work; `stop` ends it after the piece that runs. */
export type Chores = { stop(): Promise<void> };

const keysEveryMs = 60_000;
const sweepEveryMs = 600_000;

/** Runs `work` every `everyMs`, never twice at once; a failure is logged and tried again at the next turn. */
function repeat(everyMs: number, work: () => Promise<void>, onError: (error: unknown) => void): Chores {
  let running = Promise.resolve();
  let stopped = false;
  let timer: NodeJS.Timeout;
  const turn = (): void => {
    running = work()
      .catch(onError)
      .then(() => {
        if (!stopped) timer = setTimeout(turn, everyMs).unref();
      });
  };
  timer = setTimeout(turn, everyMs).unref();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}

/** Keeps the signing keys fresh every minute, and deletes what has expired every ten. */
export function startChores(context: Context): Chores {
  const stop = new AbortController();
  const onError = (error: unknown): void => context.log.warn({ err: error }, 'background work failed');
  const keys = repeat(keysEveryMs, () => context.keys.refresh(), onError);
  const sweep = repeat(sweepEveryMs, async () => context.metrics.swept.inc(await sweepExpired(context, stop.signal)), onError);
  return {
    async stop() {
      stop.abort();
      await Promise.all([keys.stop(), sweep.stop()]);
    },
  };
}
