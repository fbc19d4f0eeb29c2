import type { Point } from '../point.ts';
import { runTests } from '../run-tests.ts';

const awaySeconds = 180;

/** The test that `npm test` runs with seconds. */
export const kafkaAway: Point = {
  number: 11,
  promise: `with Kafka down for ${awaySeconds} s requests succeed, the outbox grows and ages, and everything arrives afterwards in order`,
  show: () => runTests(['testbed/integration/kafka-away'], { DRIFTBOX_KAFKA_AWAY_SECONDS: String(awaySeconds) }),
};
