import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Where the kernel shows its control groups. */
export const controlGroupRoot = '/sys/fs/cgroup';
/** The node's group, in every hierarchy. */
export const controlGroupName = 'driftbox-cluster';
/** A group counts as one process when the processor is shared out, and a node with its pods is many. */
const share = 8;
const removeWithinMs = 60_000;

/**
 * Makes a control group for the node under our own, in every hierarchy there is, and answers their folders. With cgroup v2
 * there is one hierarchy and it is made below the root, for groups that hold processes cannot be divided.
 */
export async function makeControlGroups(): Promise<string[]> {
  if (existsSync(path.join(controlGroupRoot, 'cgroup.controllers'))) return [await makeUnified()];
  const made: string[] = [];
  for (const { controllers, group } of await groupsOf('self')) {
    if (controllers === '') continue;
    const folder = path.join(group, controlGroupName);
    await mkdir(folder, { recursive: true });
    if (controllers === 'cpuset') await inheritCpus(folder);
    if (controllers.split(',').includes('cpu')) await writeFile(path.join(folder, 'cpu.shares'), String(1_024 * share));
    made.push(folder);
  }
  return made;
}

/** The node's groups that a process is in. */
export async function nodeGroupsOf(pid: number): Promise<string[]> {
  return (await groupsOf(pid)).map(({ group }) => group).filter((group) => path.basename(group) === controlGroupName);
}

/** Every group that a process is in, of those that can be seen here, by what it controls. */
async function groupsOf(pid: number | 'self'): Promise<{ controllers: string; group: string }[]> {
  const lines = (await readFile(`/proc/${pid}/cgroup`, 'utf8')).trim().split('\n');
  return lines
    .map((line) => {
      const [, controllers = '', own = '/'] = line.split(':');
      return { controllers, group: path.join(controlGroupRoot, controllers.replace(/^name=/, ''), own) };
    })
    .filter(({ group }) => existsSync(group));
}

async function makeUnified(): Promise<string> {
  const controllers = (await readFile(path.join(controlGroupRoot, 'cgroup.controllers'), 'utf8')).trim().split(' ');
  await writeFile(path.join(controlGroupRoot, 'cgroup.subtree_control'), controllers.map((controller) => `+${controller}`).join(' '));
  const folder = path.join(controlGroupRoot, controlGroupName);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'cpu.weight'), String(100 * share));
  return folder;
}

/** A new group of this controller has no processors and no memory until it is given some. */
async function inheritCpus(folder: string): Promise<void> {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    await writeFile(path.join(folder, file), await readFile(path.join(folder, '..', file)));
  }
}

/** Removes groups and those below. Their processes have been killed; the kernel may need a moment to let go of them. */
export async function removeControlGroups(folders: readonly string[]): Promise<void> {
  const giveUpAtMs = performance.now() + removeWithinMs;
  for (const folder of folders) {
    while (existsSync(folder)) {
      await removeTree(folder).catch((error: unknown) => {
        if (performance.now() > giveUpAtMs) throw error;
      });
      if (existsSync(folder)) await delay(50);
    }
  }
}

async function removeTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await removeTree(path.join(folder, entry.name));
  await rmdir(folder);
}
