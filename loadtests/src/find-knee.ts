import { loadParts } from './part-name.ts';
import type { StepFigures } from './read-summary.ts';
import type { StretchUsage } from './usage-between.ts';

/** Where more users stop bringing more answers. */
export type Knee = {
  readonly users: number;
  readonly perSecond: number;
  readonly p95Ms: number;
  /** What has no more to give there, in words. */
  readonly saturated: string;
};

/** Twice as many users that bring less than this much more are beyond the knee. */
const worthwhile = 1.1;
/** From this share on something counts as full: the rest is what a scheduler leaves. */
const full = 0.9;

/** A step of a stress with what was in use over it; a target elsewhere cannot be looked into. */
export type StressStep = StepFigures & { readonly usage?: StretchUsage | undefined };

/** The last step that brought at least a tenth more than the best before it. `undefined` without steps. */
export function findKnee(steps: readonly StressStep[]): Knee | undefined {
  let knee: StressStep | undefined;
  for (const step of steps) if (knee === undefined || step.perSecond >= knee.perSecond * worthwhile) knee = step;
  if (knee === undefined) return undefined;
  // At the knee itself something may still be free: the step after it shows what was not.
  const beyond = steps[steps.indexOf(knee) + 1] ?? knee;
  return { users: knee.users, perSecond: knee.perSecond, p95Ms: knee.p95Ms, saturated: saturatedBy(beyond.usage) };
}

/** What is full, in words, and who takes the most. */
export function saturatedBy(usage: StretchUsage | undefined): string {
  if (usage === undefined) return 'unknown: the target is elsewhere';
  const { cores, busiest, machineBusy, machineWaiting } = usage;
  const ranked = Object.entries(cores).toSorted(([, one], [, other]) => other - one);
  const most = ranked
    .slice(0, 4)
    .map(([part, count]) => `${part} ${count.toFixed(2)}`)
    .join(', ');
  const single = Object.entries(busiest).find(([part, share]) => share >= full && !loadParts.includes(part));
  if (single !== undefined)
    return `one process of ${single[0]} takes ${percent(single[1])} of a core, and has one thread for most of it (cores: ${most})`;
  if (machineBusy >= full) return `the processor: ${percent(machineBusy)} of all cores are busy (cores: ${most})`;
  if (machineWaiting >= 1 - full) return `the disk: ${percent(machineWaiting)} of all cores wait for it (cores: ${most})`;
  return `neither processor nor disk: ${percent(machineBusy)} of all cores are busy, so requests wait for each other (cores: ${most})`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
