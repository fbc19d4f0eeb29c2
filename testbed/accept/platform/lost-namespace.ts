import { kubectl } from '../../cluster/kubectl.ts';
import type { Point } from '../point.ts';
import { haveTrial, mustFetch, putAnother, trial, waitReady } from './trial.ts';

/** The worst that a tired administrator does. */
export const lostNamespace: Point = {
  number: 5,
  promise: 'the namespace of a cell deleted by hand is made again, with the same data and keys',
  async show(tell) {
    await haveTrial(tell);
    await waitReady('cells.driftbox.io/trial');
    const startMs = performance.now();
    await kubectl(['delete', 'namespace', trial.namespace, '--wait=true', '--timeout=300s']);
    tell('the namespace is gone');
    await waitReady('cells.driftbox.io/trial', 'False');
    await waitReady('cells.driftbox.io/trial');
    tell('the cell is ready again');
    await waitReady('tenants.driftbox.io/demo');
    await mustFetch();
    await putAnother('after-the-namespace');
    return {
      holds: true,
      figure: `${((performance.now() - startMs) / 1000).toFixed(0)} s until the same file could be fetched again, by the same session`,
    };
  },
};
