import type { Capability } from '../point.ts';
import { hotPlans } from './hot-plans.ts';
import { kafkaFailover } from './kafka-failover.ts';
import { killedParts } from './killed-parts.ts';
import { postgresFailover } from './postgres-failover.ts';
import { rollingRestart } from './rolling-restart.ts';
import { stackUp } from './stack-up.ts';

/** Real back ends: what tests show once of each, shown often. */
export const backends: Capability = {
  name: 'backends',
  points: [stackUp, killedParts, rollingRestart, kafkaFailover, postgresFailover, hotPlans],
};
