import type { LoadPlan, LoadUser, Neighbour } from '../k6/plan.ts';
import type { Profile } from './profiles.ts';
import { crowdOf, phasesAfter, scenariosOf } from './scenarios.ts';
import { routeTags, thresholdsOf } from './thresholds.ts';

/** Of a profile that says nothing of it: few minutes have few files, and one large one would be most of their bytes. */
const smallFiles = { largestBytes: 8_000_000, pieceBytes: 8_000_000 };

/** What k6 is told for a profile that is to take `seconds`. */
export function buildPlan(
  profile: Profile,
  seconds: number,
  address: string,
  users: readonly LoadUser[],
  neighbour?: Pick<Neighbour, 'host' | 'users'>,
): LoadPlan {
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
    files: profile.files ?? smallFiles,
    crowd: crowdOf(profile, seconds),
    neighbour: neighbour === undefined ? undefined : { ...neighbour, phaseAfterSeconds: phasesAfter(seconds) },
  };
}
