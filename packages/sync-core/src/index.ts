export { conflictName } from './conflict-name.ts';
export type * from './plan.ts';
export type * from './reconcile-input.ts';
export { reconcile } from './reconcile.ts';
export type * from './tree.ts';
