import { setTimeout as delay } from 'node:timers/promises';
import type { Problem } from '@driftbox/protocol';

/** How often and how long a call is tried again. */
export type RetryPolicy = {
  /** Attempts in all, the first one counted. */
  readonly attempts: number;
  /** The first pause is up to this; each further one up to twice the one before. */
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
  /** No attempt begins later than this after the first. */
  readonly deadlineMs: number;
};

export const defaultRetryPolicy: RetryPolicy = { attempts: 6, firstPauseMs: 100, maxPauseMs: 5_000, deadlineMs: 60_000 };

/** A call that is not retried at all. */
export const noRetry: RetryPolicy = { ...defaultRetryPolicy, attempts: 1 };

/** What one attempt gave: its value, or a problem and whether the same request may be sent again. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem; readonly again: boolean };

/**
 * Tries until an attempt succeeds, says that trying again is no use, or the policy is spent; then throws the last problem.
 * Pauses have full jitter, so that clients of a server that comes back do not come back together, and are never shorter
 * than the server asked for.
 */
export async function retry<T>(
  attempt: () => Promise<Attempt<T>>,
  policy: RetryPolicy,
  signal?: AbortSignal,
  random: () => number = Math.random,
): Promise<T> {
  const lastStartMs = performance.now() + policy.deadlineMs;
  for (let count = 1; ; count += 1) {
    signal?.throwIfAborted();
    const outcome = await attempt();
    if (outcome.ok) return outcome.value;
    const pauseMs = pauseFor(count, outcome.problem, policy, random);
    if (!outcome.again || count >= policy.attempts || performance.now() + pauseMs > lastStartMs) throw outcome.problem;
    await delay(pauseMs, undefined, signal === undefined ? {} : { signal });
  }
}

/** Milliseconds before the attempt that follows attempt number `count`. */
export function pauseFor(count: number, problem: Problem, policy: RetryPolicy, random: () => number): number {
  const ceilingMs = Math.min(policy.maxPauseMs, policy.firstPauseMs * 2 ** (count - 1));
  return (problem.retryAfterSeconds ?? 0) * 1000 + random() * ceilingMs;
}
