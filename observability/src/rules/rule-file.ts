import { stringify } from 'yaml';
import type { TimeScale } from '../time-scale.ts';
import { ruleGroups } from './rule-groups.ts';

/** The rules as the file that Prometheus loads; the same for the same scale. */
export function ruleFile(scale?: TimeScale): string {
  const head = '# Generated from observability/src/objectives.ts and rules by `npm run generate`.\n';
  return head + stringify({ groups: ruleGroups(scale) }, { lineWidth: 0 });
}
