export type * from './plan.ts';
export type * from './reconcile-input.ts';
export type * from './tree.ts';
