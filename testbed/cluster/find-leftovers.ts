import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { allProcesses, commandOf } from '@driftbox/processes';
import { clusterFolder } from './cluster-folder.ts';
import { controlGroupName, controlGroupRoot } from './control-groups.ts';
import { hostLink } from './stop-cluster.ts';

/** Namespaces that a process is in and this one is not, as the kernel names them: `net:[4026532201]`. */
export async function namespacesOf(pid: number): Promise<Set<string>> {
  const own = await linksIn('/proc/self/ns');
  return new Set([...(await linksIn(`/proc/${pid}/ns`))].filter((one) => !own.has(one)));
}

/** What a cluster that was ended has left on this machine, one line each; `namespaces` are those that its node was in. */
export async function findLeftovers(namespaces: ReadonlySet<string>): Promise<string[]> {
  const folder = clusterFolder();
  const files = (await readdir(folder).catch(() => [])).map((name) => `file ${path.join(folder, name)}`);
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').filter((line) => line.includes(folder));
  const groups = await groupsBelow(controlGroupRoot);
  const link = existsSync(`/sys/class/net/${hostLink}`) ? [`network link ${hostLink}`] : [];
  return [
    ...files,
    ...mounts.map((line) => `mount ${line}`),
    ...groups.map((group) => `control group ${group}`),
    ...link,
    ...(await processesOf(folder, namespaces)),
  ];
}

/** Processes in one of the namespaces, or started with a file of the cluster. */
async function processesOf(folder: string, namespaces: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for (const pid of allProcesses()) {
    const command = commandOf(pid).join(' ');
    const isInside = [...(await linksIn(`/proc/${pid}/ns`))].some((one) => namespaces.has(one));
    if (isInside || command.includes(folder)) found.push(`process ${pid} ${command}`);
  }
  return found;
}

/** None where it has just ended, or is not ours to look at. */
async function linksIn(folder: string): Promise<Set<string>> {
  const names = await readdir(folder).catch(() => []);
  return new Set(await Promise.all(names.map((name) => readlink(path.join(folder, name)).catch(() => ''))));
}

async function groupsBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isDirectory()) continue;
    const at = path.join(folder, entry.name);
    found.push(...(entry.name === controlGroupName ? [at] : await groupsBelow(at)));
  }
  return found;
}
