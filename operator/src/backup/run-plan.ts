import { NotLeading, type Reconciled } from '../runtime/index.ts';
import type { TaskPhase } from './task-phase.ts';

/** Nobody tells of Jobs: whoever has one looks again this soon, */
const soonMs = 2_000;
/** and whoever waits for others, this soon. */
const laterMs = 10_000;

/** How a plan is carried out. */
export type PlanRunner<Step> = {
  readonly take: (step: Step) => Promise<void>;
  readonly say: (failure?: string) => Promise<void>;
  readonly signal: AbortSignal;
};

/** Takes the steps of a plan, and says what it says: before a Job is cleared, with which its words go, and otherwise after. */
export async function runPlan<Step extends string>(
  { steps, phase }: { readonly steps: readonly Step[]; readonly phase: TaskPhase },
  { take, say, signal }: PlanRunner<Step>,
): Promise<Reconciled> {
  const named: readonly string[] = steps;
  const isSaid = named.includes('clear') || steps.length === 0;
  if (isSaid) await say();
  try {
    for (const step of steps) await take(step);
  } catch (error) {
    if (!isSaid && !(error instanceof NotLeading) && !signal.aborted) await say(error instanceof Error ? error.message : String(error));
    throw error;
  }
  if (named.includes('unprotect')) return { kind: 'gone' };
  // With a finalizer it is another version, which the next pass speaks of.
  if (!isSaid && !named.includes('protect')) await say();
  if (phase.kind === 'working' || phase.kind === 'removing') return { kind: 'again', afterMs: soonMs };
  if (phase.kind === 'waiting' || (phase.kind === 'stalled' && steps.length === 0)) return { kind: 'again', afterMs: laterMs };
  return { kind: 'settled' };
}
