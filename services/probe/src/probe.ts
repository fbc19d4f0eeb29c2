import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '@driftbox/protocol';
import type { Logger } from '@driftbox/service-kit';
import type { Metrics } from './metrics.ts';
import { goRound, type DoStep, type Round } from './steps.ts';

/** What a probe works with; durations in milliseconds. */
export type ProbeOptions = {
  readonly round: Round;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly everyMs: number;
  /** How long a step may take before it counts as failed. */
  readonly patienceMs: number;
};

/** A probe at work. */
export type Probe = {
  /** Ends after the step that is under way, or with it. */
  stop(): Promise<void>;
};

/** Goes round until stopped. A round that takes longer than `everyMs` delays the next: there are never two at once. */
export function startProbe({ round, metrics, log, everyMs, patienceMs }: ProbeOptions): Probe {
  const stopping = new AbortController();
  const step: DoStep = async (name, work) => {
    const startedMs = performance.now();
    try {
      const answer = await work(AbortSignal.any([stopping.signal, AbortSignal.timeout(patienceMs)]));
      metrics.step(name, 'ok', (performance.now() - startedMs) / 1000);
      return answer;
    } catch (error) {
      // What was broken off on purpose says nothing of the server.
      if (!stopping.signal.aborted) {
        metrics.step(name, 'failed', (performance.now() - startedMs) / 1000);
        log.warn(
          { step: name, code: error instanceof Problem ? error.code : Object(error).name, reason: reasonOf(error) },
          'a step failed',
        );
      }
      throw error;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const endMs = performance.now() + everyMs;
      const ok = await goRound(round, step).then(
        () => true,
        () => false,
      );
      if (stopping.signal.aborted) return;
      metrics.round(ok);
      await delay(Math.max(0, endMs - performance.now()), undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const ended = run();
  return {
    stop: () => {
      stopping.abort(new Error('the probe stops'));
      return ended;
    },
  };
}

/** What went wrong in words, down to what it came from: a certificate, a name, a connection. */
function reasonOf(error: unknown): string {
  const { message, code, cause } = Object(error) as Error & { readonly code?: unknown };
  const own = message === '' ? String(code) : message;
  return cause === undefined ? own : `${own}: ${reasonOf(cause)}`;
}
