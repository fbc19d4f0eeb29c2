import { temporaryFolder } from '@driftbox/testkit';
import { loseBrokers } from '../../src/lose-brokers.ts';
import type { Point } from '../point.ts';

const times = 10;

/** The test of `npm test` with more losses. */
export const kafkaFailover: Point = {
  number: 6,
  promise: `a Kafka broker of three killed under load ${times} times: nothing acknowledged is lost, and each key keeps its order`,
  show: async (report) => {
    await using folder = await temporaryFolder();
    const { acknowledged, lost, outOfOrder, repeated, failures } = await loseBrokers(folder.path, times, report);
    return {
      holds: lost === 0 && outOfOrder === 0,
      figure: `${acknowledged} acknowledged, ${lost} lost, ${outOfOrder} out of order, ${repeated} came twice, ${failures} published again`,
    };
  },
};
