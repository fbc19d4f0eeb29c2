export { burnRates, type BurnRate, type Severity } from './burn-rates.ts';
export { freshness, journeys, lostBytes, objectiveDays, type Journey, type Requests, type SpeedObjective } from './objectives.ts';
export { observabilityDocuments, type ObservabilityDocument } from './observability-documents.ts';
export { ruleFile } from './rules/rule-file.ts';
export { alerts } from './rules/rule-groups.ts';
export type { Alert } from './rules/alert.ts';
export { duration, trueTime, type TimeScale } from './time-scale.ts';
