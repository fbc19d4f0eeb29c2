import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '@driftbox/processes';
import { projectFolder } from '../src/standalone-process.ts';
import type { Stack } from './start-stack.ts';

/** What others on this machine need to use a stack that `npm run stack` has started from this checkout. */
export type RunningStack = Pick<Stack, 'address' | 'certificateFile' | 'tenantHosts' | 'serviceKey' | 'internal'>;

const file = path.join(projectFolder, '.cache', 'running-stack.json');

/** Tells where the stack of this process is, until `forgetStack`. */
export async function rememberStack({ address, certificateFile, tenantHosts, serviceKey, internal }: RunningStack): Promise<void> {
  const known = { pid: process.pid, address, certificateFile, tenantHosts, serviceKey, internal };
  await mkdir(path.dirname(file), { recursive: true });
  await rm(file, { force: true });
  // It holds a secret.
  await writeFile(file, JSON.stringify(known), { mode: 0o600 });
}

/** To be called before the stack stops. */
export async function forgetStack(): Promise<void> {
  await rm(file, { force: true });
}

/** The stack that runs from this checkout, if one does. */
export async function findStack(): Promise<RunningStack | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { pid, ...stack } = JSON.parse(text) as RunningStack & { readonly pid: number };
  return isAlive(pid) ? stack : undefined;
}
