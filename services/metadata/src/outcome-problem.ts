import type { Outcome } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';

/** What an outcome that wrote nothing is as the answer of a whole request. */
export function outcomeProblem(outcome: Exclude<Outcome, { outcome: 'committed' }>): Problem {
  const { outcome: code, ...rest } = outcome;
  if (code === 'aborted') return new Problem('unavailable', undefined, { retryAfterSeconds: 1 });
  const { detail, ...details } = rest as { detail?: string };
  return new Problem(code, detail, { details });
}
