import { Problem, type WireOutcome } from '@driftbox/protocol';

/** What a single operation that did not commit is as the answer of a whole request. */
export function outcomeProblem(outcome: Exclude<WireOutcome, { outcome: 'committed' }>): Problem {
  const { outcome: code, ...details } = outcome;
  return code === 'aborted' ? new Problem('unavailable', undefined, { retryAfterSeconds: 1 }) : new Problem(code, undefined, { details });
}
