export { checkSafety, type Halt, type SafetyCounts, type SafetyThresholds } from './check-safety.ts';
export { conflictName } from './conflict-name.ts';
export { parseIgnoreFile, type IgnorePattern } from './ignore-pattern.ts';
export { ignoreFileName, isIgnored } from './is-ignored.ts';
export type * from './plan.ts';
export type * from './reconcile-input.ts';
export { reconcile } from './reconcile.ts';
export type * from './tree.ts';
