import { findCluster } from '../../cluster/find-cluster.ts';
import { kubectl } from '../../cluster/kubectl.ts';
import { stopCluster } from '../../cluster/stop-cluster.ts';
import type { Point } from '../point.ts';
import { haveTrial, patienceSeconds } from './trial.ts';

/** In the order in which the file names them, which is the wrong one: each waits for those that use it. */
export const allDeleted: Point = {
  number: 8,
  promise: 'everything deleted at once ends, keeping volumes and keys; the cluster leaves nothing on the machine',
  async show(tell) {
    await haveTrial(tell);
    const startMs = performance.now();
    await kubectl(['delete', '-f', 'crds/samples/trial.yaml', `--timeout=${patienceSeconds}s`]);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    tell('the resources are gone');
    const names = async (...what: string[]): Promise<string[]> =>
      (await kubectl(['get', ...what, '-o', 'jsonpath={.items[*].metadata.name}'])).split(' ').filter((name) => name !== '');
    const spaces = (await names('namespaces')).filter((name) => /^driftbox-(cell|pool)-/.test(name));
    const kept = await names('-n', 'driftbox-system', 'secrets', '-l', 'driftbox.io/master-of=trial');
    const volumes = await names('persistentvolumes');
    await stopCluster();
    return {
      holds: spaces.length === 0 && kept.length === 3 && volumes.length === 3 && (await findCluster()) === undefined,
      figure: `gone after ${seconds} s; kept: ${[...kept, `${volumes.length} volumes`].join(', ')}`,
    };
  },
};
