import { existsSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '../components/install/run-command.ts';
import { clusterFolder } from './cluster-folder.ts';
import { nodeGroupsOf, removeControlGroups } from './control-groups.ts';
import { findCluster } from './find-cluster.ts';

/** This machine's end of the link to the node. */
export const hostLink = 'driftbox-node';

const endsWithinMs = 60_000;

/**
 * Ends the cluster, if there is one, by killing its first process: the kernel then kills all others and takes mounts and
 * network away. Removes what is left: control groups, and its files except what is to be kept. Answers whether one ran.
 */
export async function stopCluster({ keep = 'nothing' }: { readonly keep?: 'nothing' | 'logs' | 'everything' } = {}): Promise<boolean> {
  const processes = await findCluster();
  const folder = processes?.folder ?? clusterFolder();
  const recorded = JSON.parse(await readFile(path.join(folder, 'control-groups.json'), 'utf8').catch(() => '[]')) as string[];
  const groups = processes === undefined ? [] : await nodeGroupsOf(processes.launcher);
  if (processes !== undefined) {
    for (const pid of [processes.init, processes.launcher]) endProcess(pid);
    for (const giveUpAtMs = performance.now() + endsWithinMs; existsSync(`/proc/${processes.launcher}`); await delay(50)) {
      if (performance.now() > giveUpAtMs) throw new Error(`process ${processes.launcher} does not end`);
    }
  }
  if (existsSync(`/sys/class/net/${hostLink}`)) await runCommand('ip', ['link', 'del', hostLink], { folder: '/' });
  await removeControlGroups([...recorded, ...groups]);
  if (keep === 'everything') return processes !== undefined;
  for (const name of await readdir(folder).catch(() => [])) {
    if (keep !== 'logs' || !name.endsWith('.log')) await rm(path.join(folder, name), { recursive: true, force: true });
  }
  return processes !== undefined;
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
