import type { Point } from '../point.ts';
import { runTests } from '../run-tests.ts';

const rows = 1_000_000;

/** Metadata's test of its plans, which `npm test` runs on fewer rows. */
export const hotPlans: Point = {
  number: 8,
  promise: `among ${rows} rows, none of metadata's hottest statements reads a table whole or more than a few pages`,
  show: () => runTests(['services/metadata/src/hot-plans'], { DRIFTBOX_PLAN_ROWS: String(rows) }),
};
