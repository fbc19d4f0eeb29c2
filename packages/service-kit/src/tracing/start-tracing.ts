import { installTracer } from '@driftbox/tracing';
import type { Logger } from '../logger.ts';
import type { TracingTarget } from './tracing-settings.ts';

/** Traces being sent, or not. */
export type Tracing = {
  /** Sends what is gathered, for two seconds at most, and traces no more. */
  stop(): Promise<void>;
};

/**
 * Begins to send this process's traces, as `service`. Without a target it does nothing and loads nothing: the libraries for it
 * are fetched only here. A collector that is away is told of in the log, at once and once a minute, and when it is back; it slows
 * nothing and fails nothing.
 */
export async function startTracing(target: TracingTarget | undefined, service: string, log: Logger): Promise<Tracing> {
  if (target === undefined) return { stop: async () => {} };
  const { openSdk } = await import('./open-sdk.ts');
  const { tracer, stop } = openSdk(target, service, log);
  installTracer(tracer);
  return {
    stop: async () => {
      installTracer(undefined);
      await stop();
    },
  };
}
