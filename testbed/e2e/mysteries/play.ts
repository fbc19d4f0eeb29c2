import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { element } from '@driftbox/transfer';
import type { Stage } from '../stage.ts';
import { explain, type Observation, type Value } from './model.ts';

/** One step of a run: somebody writes or deletes or reads the file, or everybody waits until all is in sync. */
export type Step = { readonly do: 'write' | 'delete' | 'read'; readonly device: number } | { readonly do: 'stabilise' };

/** What a run was: everything seen, and the index of the first observation that nothing explains. */
export type Played = { readonly observations: readonly Observation[]; readonly unexplained: number | undefined };

/** Plays steps on real devices, on a file of its own, and asks the model whether what was seen can be explained. */
export async function playSteps(stage: Stage, run: number, steps: readonly Step[]): Promise<Played> {
  const name = `mystery-${run}.txt`;
  const observations: Observation[] = [];
  for (const [index, step] of [...steps, { do: 'stabilise' } as const].entries())
    observations.push(await perform(stage, name, step, `${run}.${index}`));
  return { observations, unexplained: explain(stage.devices.length, observations) };
}

async function perform(stage: Stage, name: string, step: Step, fresh: string): Promise<Observation> {
  if (step.do === 'stabilise') return stabilise(stage, name);
  const device = element(stage.devices, step.device);
  const file = path.join(device.folder, name);
  if (step.do === 'read') return { did: 'read', device: step.device, value: await valueOf(file) };
  const value = step.do === 'write' ? fresh : undefined;
  const aside = path.join(stage.world.folder, `aside-${fresh}`);
  if (value !== undefined) await writeFile(aside, value);
  // While the process stands still nothing can come between what is read and what is written.
  const pid = device.pid();
  if (pid !== undefined) process.kill(pid, 'SIGSTOP');
  try {
    const old = await valueOf(file);
    if (value === undefined) await rm(file, { force: true });
    else await rename(aside, file);
    return { did: 'write', device: step.device, old, value };
  } finally {
    if (pid !== undefined) process.kill(pid, 'SIGCONT');
  }
}

async function stabilise(stage: Stage, name: string): Promise<Observation> {
  await stage.quiet();
  const { folder } = element(stage.devices, 0);
  const stem = path.parse(name).name;
  const copies = (await readdir(folder)).filter((other) => other.startsWith(`${stem} (conflicted copy of `));
  const values = await Promise.all(copies.map((copy) => readFile(path.join(folder, copy), 'utf8')));
  return { did: 'stabilise', value: await valueOf(path.join(folder, name)), copies: values };
}

async function valueOf(file: string): Promise<Value> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
