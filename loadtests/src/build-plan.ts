import type { LoadPlan, LoadUser } from '../k6/plan.ts';
import type { Profile } from './profiles.ts';
import { crowdOf, scenariosOf } from './scenarios.ts';
import { routeTags, thresholdsOf } from './thresholds.ts';

/** What k6 is told for a profile that is to take `seconds`. */
export function buildPlan(profile: Profile, seconds: number, address: string, users: readonly LoadUser[]): LoadPlan {
  return {
    address,
    options: {
      scenarios: scenariosOf(profile, seconds),
      thresholds: thresholdsOf(profile, seconds),
      summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
    },
    routes: routeTags(profile.mix),
    mix: profile.mix,
    users,
    crowd: crowdOf(profile, seconds),
  };
}
