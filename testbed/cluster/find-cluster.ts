import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { clusterFolder } from './cluster-folder.ts';
import { controlGroupName } from './control-groups.ts';

/** The running cluster's processes: `unshare`, which holds its namespaces, and the first process in them. */
export type ClusterProcesses = { readonly launcher: number; readonly init: number };
/** And the folder with its files. */
export type FoundCluster = ClusterProcesses & { readonly folder: string };

/**
 * The cluster that runs, or `undefined`. What was written of it may be lost, or another checkout may have started it: then its launcher is
 * found by what no other process has.
 */
export async function findCluster(processes = '/proc'): Promise<FoundCluster | undefined> {
  const recorded = await readFile(path.join(clusterFolder(), 'processes.json'), 'utf8').then(
    (text) => [(JSON.parse(text) as ClusterProcesses).launcher],
    () => [],
  );
  const all = (await readdir(processes).catch(() => [])).filter((name) => /^[0-9]+$/.test(name)).map(Number);
  for (const launcher of [...recorded, ...all]) {
    const found = await readLauncher(processes, launcher);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * A process is the launcher that is `unshare` for the first process of a node, in the node's control group, and of our own process
 * namespace: so the cluster of a container on this machine is not ours.
 */
async function readLauncher(processes: string, launcher: number): Promise<FoundCluster | undefined> {
  const read = (file: string): Promise<string> => readFile(path.join(processes, String(launcher), file), 'utf8').catch(() => '');
  const namespaceOf = (pid: number | 'self') => readlink(path.join(processes, String(pid), 'ns/pid')).catch(() => undefined);
  const command = (await read('cmdline')).split('\0').filter((word) => word !== '');
  if (path.basename(command[0] ?? '') !== 'unshare' || command.at(-1)?.endsWith(initOfAnyCheckout) !== true) return undefined;
  const groups = (await read('cgroup')).trim().split('\n');
  if (!groups.some((line) => path.basename(line) === controlGroupName)) return undefined;
  const own = await namespaceOf('self');
  if (own === undefined || (await namespaceOf(launcher)) !== own) return undefined;
  const [init = ''] = (await read(`task/${launcher}/children`)).trim().split(' ');
  const told = (await read('environ')).split('\0').find((line) => line.startsWith('FOLDER='));
  return { launcher, init: Number(init) || launcher, folder: told?.slice('FOLDER='.length) ?? clusterFolder() };
}

const initOfAnyCheckout = '/testbed/cluster/node/init.sh';
