import type { LoadPlan } from './plan.ts';

/** What this run is to do, from the file that `npm run load` has written. */
export const plan = JSON.parse(open(__ENV['LOAD_PLAN'] ?? '')) as LoadPlan;
