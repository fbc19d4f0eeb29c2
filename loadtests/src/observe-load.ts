import { findKnee, type Knee, type StressStep } from './find-knee.ts';
import { judgeFlatness, type Flatness } from './judge-flatness.ts';
import { operationCosts, type OperationCost } from './operation-costs.ts';
import type { Profile } from './profiles.ts';
import type { Results } from './read-summary.ts';
import { stepsOf } from './scenarios.ts';
import { usageBetween } from './usage-between.ts';
import type { UsageSample } from './watch-usage.ts';

/** What a load showed of the target's processes. Empty for a target elsewhere. */
export type Observed = {
  /** At most `mostSamples`, evenly over the time. */
  readonly samples: readonly UsageSample[];
  readonly knee?: Knee | undefined;
  readonly costs?: readonly OperationCost[];
  readonly flatness?: readonly Flatness[];
};

/** Enough for a plot. */
const mostSamples = 120;
/** Of each step, what is left out at either end: k6's users begin and end within it. */
const marginSeconds = 0.5;

/** Puts what k6 measured together with what was sampled meanwhile; k6 began its load `beganAt` seconds after the first sample. */
export function observeLoad(profile: Profile, results: Results, samples: readonly UsageSample[], beganAt: number): Observed {
  const between = (from: number, to: number) =>
    usageBetween(samples, beganAt + from * results.seconds + marginSeconds, beganAt + to * results.seconds - marginSeconds);
  const places = stepsOf(profile);
  const steps = results.steps.map((step, index): StressStep => {
    const place = places[index];
    return { ...step, usage: place === undefined ? undefined : between(place.from, place.to) };
  });
  return {
    samples: thinned(samples),
    ...(profile.model.kind === 'closed' ? { knee: findKnee(steps) } : {}),
    ...(profile.model.kind === 'alone' ? { costs: operationCosts(steps, between(0, places[0]?.from ?? 0)) } : {}),
    ...(profile.judgesFlatness === true ? { flatness: judgeFlatness(samples) } : {}),
  };
}

function thinned(samples: readonly UsageSample[]): readonly UsageSample[] {
  const every = Math.ceil(samples.length / mostSamples);
  return samples.filter((_, index) => index % every === 0);
}
