import { benchmarkRows } from '../benchmark-rows.ts';
import type { Capability } from '../point.ts';
import { hotPlans } from './hot-plans.ts';
import { kafkaAway } from './kafka-away.ts';
import { kafkaFailover } from './kafka-failover.ts';
import { killedParts } from './killed-parts.ts';
import { oldCode } from './old-code.ts';
import { postgresFailover } from './postgres-failover.ts';
import { rollingRestart } from './rolling-restart.ts';
import { stackUp } from './stack-up.ts';
import { tusMemory } from './tus-memory.ts';
import { wholeTestRun } from './whole-test-run.ts';

const rows = benchmarkRows(5, [1, 2, 5, 6, 13, 14, 15, 16, 17, 20, 21, 24], ['standalone', 'stack']);

/** Real back ends: what tests show once of each, shown often. */
export const backends: Capability = {
  name: 'backends',
  points: [
    wholeTestRun,
    stackUp,
    killedParts,
    rollingRestart,
    rows,
    kafkaFailover,
    postgresFailover,
    hotPlans,
    tusMemory,
    oldCode,
    kafkaAway,
  ],
};
