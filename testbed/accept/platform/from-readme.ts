import { kubectl } from '../../cluster/kubectl.ts';
import { stopCluster } from '../../cluster/stop-cluster.ts';
import type { Point } from '../point.ts';
import { firstFile, readmeCommands, type, waitReady } from './trial.ts';

/** README's commands as a person types them, from no cluster at all. */
export const fromReadme: Point = {
  number: 1,
  promise: 'four commands of README make a tenant READY=True on a cluster, and a file goes through its host',
  async show(tell) {
    await stopCluster();
    const commands = await readmeCommands();
    const startMs = performance.now();
    const seconds = (): string => `${((performance.now() - startMs) / 1000).toFixed(0)} s`;
    const figures: string[] = [];
    const done = (what: string): void => {
      figures.push(`${seconds().padStart(6)}  ${what}`);
      tell(what);
    };
    for (const line of commands) {
      await type(line);
      done(line);
    }
    for (const resource of [
      'storagepools.driftbox.io/trial',
      'quotas.driftbox.io/trial',
      'cells.driftbox.io/trial',
      'tenants.driftbox.io/demo',
    ]) {
      await waitReady(resource);
      done(`${resource} is ready`);
    }
    await firstFile();
    done('the first administrator signed up, put a file of 3 MB and got it back, over TLS');
    return { holds: commands.length === 4, figure: [...figures, (await kubectl(['get', 'tenants.driftbox.io'])).trimEnd()].join('\n') };
  },
};
