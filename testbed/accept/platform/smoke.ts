// `npm run smoke`: a real cluster, a tenant in it, a file through the tenant's host, and nothing left afterwards.
import { parseCommandLine, runMain } from '@driftbox/command-line';
import { waitFor } from '@driftbox/testkit';
import { findCluster } from '../../cluster/find-cluster.ts';
import { findLeftovers, namespacesOf } from '../../cluster/find-leftovers.ts';
import { kubectl } from '../../cluster/kubectl.ts';
import { rehearse } from '../../cluster/rehearse.ts';
import { stopCluster } from '../../cluster/stop-cluster.ts';
import { fromReadme } from './from-readme.ts';
import { mustFetch } from './trial.ts';

const limitMinutes = 15;

const usage = `npm run smoke

Starts a cluster as README says, with a tenant in it, sends a file through the tenant's host, and removes everything again:
on Linux, as root, within ${limitMinutes} minutes. Where no cluster can run it says why, and ends with 0.`;

const suspendedWithinMs = 5_000;

const startMs = performance.now();
let at = 'looking at this machine';

function tell(line: string): void {
  at = line;
  console.log(`  ${((performance.now() - startMs) / 1000).toFixed(0).padStart(4)} s  ${line}`);
}

/** Throws at the first thing that is not as it should be. */
async function smoke(): Promise<void> {
  const { holds } = await fromReadme.show(tell);
  if (!holds) throw new Error('README does not name four commands');
  const { init } = (await findCluster()) ?? {};
  if (init === undefined) throw new Error('the cluster has ended by itself');
  const namespaces = await namespacesOf(init);
  await kubectl(['delete', 'tenants.driftbox.io/demo', '--timeout=180s']);
  const isRefused = (): Promise<boolean> =>
    mustFetch().then(
      () => false,
      () => true,
    );
  // Each process of the services hears of it within so long.
  await waitFor(isRefused, { deadlineMs: suspendedWithinMs, what: 'the host of a tenant that was deleted to serve nobody' });
  tell('the tenant is deleted, and its host serves nobody');
  await stopCluster();
  const left = await findLeftovers(namespaces);
  if (left.length > 0) throw new Error(`the cluster has left on this machine:\n${left.join('\n')}`);
  tell('the cluster is gone, with its processes, mounts, namespaces, control groups, network and files');
}

/** What somebody needs who was not there. */
async function tellState(): Promise<void> {
  if ((await findCluster()) === undefined) return;
  const look = [
    ['get', 'storagepools.driftbox.io,cells.driftbox.io,tenants.driftbox.io', '-o', 'wide'],
    ['get', 'pods', '--all-namespaces', '-o', 'wide'],
    ['get', 'events', '--all-namespaces', '--field-selector=type=Warning'],
    ['-n', 'driftbox-system', 'logs', 'deployment/driftbox-operator', '--tail=40'],
  ];
  for (const args of look) console.log(await kubectl(args).catch(String));
}

async function main(args: readonly string[]): Promise<number> {
  parseCommandLine({ args });
  if ((await findCluster()) !== undefined) {
    console.error('smoke: a cluster is up, and this machine can have only one: npm run cluster -- down ends it');
    return 1;
  }
  const lack = await rehearse((line) => tell(line.slice(0, 160)));
  if (lack !== undefined) {
    console.log(`SKIPPED: no cluster can run here: ${lack}`);
    return 0;
  }
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it takes more than ${limitMinutes} minutes; it came to: ${at}`)), limitMinutes * 60_000);
  });
  try {
    await Promise.race([smoke(), tooLong]);
    console.log(`the cluster smoke test passed in ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
    return 0;
  } catch (error) {
    console.error(`smoke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    await tellState();
    return 1;
  } finally {
    clearTimeout(timer);
    await stopCluster();
  }
}

await runMain({ name: 'smoke', usage, main });
// What was cut off by the limit may wait for ever.
process.exit();
