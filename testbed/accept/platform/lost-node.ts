import { restartCluster } from '../../cluster/start-cluster.ts';
import type { Point } from '../point.ts';
import { haveTrial, mustFetch, putAnother, waitReady } from './trial.ts';

/** The only node there is loses its power, with everything that runs on it. */
export const lostNode: Point = {
  number: 6,
  promise: 'the node cut off and started again: everything comes back by itself',
  async show(tell) {
    await haveTrial(tell);
    const startMs = performance.now();
    await restartCluster(tell);
    // Until it has looked, it says what held before.
    await mustFetchSoon();
    tell('the file is there');
    await waitReady('cells.driftbox.io/trial');
    await waitReady('tenants.driftbox.io/demo');
    await putAnother('after-the-node');
    return {
      holds: true,
      figure: `${((performance.now() - startMs) / 1000).toFixed(0)} s until the file could be fetched and all was ready`,
    };
  },
};

async function mustFetchSoon(): Promise<void> {
  const giveUpAtMs = performance.now() + 600_000;
  for (;;) {
    try {
      return await mustFetch();
    } catch (error) {
      if (performance.now() > giveUpAtMs) throw error;
    }
  }
}
