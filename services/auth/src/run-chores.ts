import { repeat, type Repeated } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { sweepExpired } from './sweep.ts';

const keysEveryMs = 60_000;
const sweepEveryMs = 600_000;

/** Keeps the signing keys fresh every minute, and deletes what has expired every ten. */
export function startChores(context: Context): Repeated {
  const onError = (error: unknown): void => context.log.warn({ err: error }, 'background work failed');
  const keys = repeat(keysEveryMs, () => context.keys.refresh(), onError);
  const sweep = repeat(sweepEveryMs, async (signal) => context.metrics.swept.inc(await sweepExpired(context, signal)), onError);
  return {
    async stop() {
      await Promise.all([keys.stop(), sweep.stop()]);
    },
  };
}
