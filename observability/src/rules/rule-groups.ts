import { trueTime, type TimeScale } from '../time-scale.ts';
import { alertRule, type Alert } from './alert.ts';
import { burnAlerts } from './burn-alerts.ts';
import { recordJourneys } from './record-journeys.ts';
import type { RuleGroup } from './rule.ts';
import { symptomAlerts } from './symptom-alerts.ts';

/** Every alert that there is. */
export const alerts: readonly Alert[] = [...burnAlerts, ...symptomAlerts];

/** All rules of a Prometheus that watches DriftBox, the recorded ones before those that read them. */
export function ruleGroups(scale: TimeScale = trueTime): readonly RuleGroup[] {
  return [
    { name: 'driftbox-journeys', rules: recordJourneys(scale) },
    { name: 'driftbox-alerts', rules: alerts.map((alert) => alertRule(alert, scale)) },
  ];
}
