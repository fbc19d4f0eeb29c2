import type { ReleaseOutcome } from '../helm/index.ts';
import type { Outcomes } from './cell-conditions.ts';
import type { CellPhase } from './plan-cell.ts';

/**
 * How far a Cell is once Helm has worked for it. Pods that were ready before an upgrade say nothing of it: one whose releases are not as
 * wanted is not done, and is looked at again soon.
 */
export function settlePhase(phase: CellPhase, { backends, services }: Outcomes): CellPhase {
  if (phase.kind !== 'done') return phase;
  const message = [backends, services].map(awaited).find((one) => one !== undefined);
  return message === undefined ? phase : { kind: 'working', message };
}

/** What has to come of a release first; undefined where nothing has. */
function awaited(outcome: ReleaseOutcome | undefined): string | undefined {
  if (outcome === undefined || ['inSync', 'drifted', 'rolledBack'].includes(outcome.state)) return undefined;
  if (outcome.state === 'locked') return 'an upgrade was cut off: it is unlocked, and tried again, once nobody can be at it any more';
  return outcome.action.kind === 'rollback' ? 'what ran before is being brought back' : 'its releases are being upgraded';
}
