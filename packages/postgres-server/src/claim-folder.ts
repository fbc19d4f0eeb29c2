import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hasEnded, startOf } from '@driftbox/processes';
import { ServerFailed, ServerRunning } from './errors.ts';

/** Which process manages a folder's server. `startedAt`, its start and the boot's id, tells it from a later one that got its number. */
type Owner = { readonly pid: number; readonly startedAt: string };

/**
 * Makes this process the one that manages `folder`'s server. Throws `ServerRunning` while another process that is alive
 * manages it; a claim whose process is gone (`kill -9`) is taken over. Answers how to give the claim up.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, 'owner.json');
  const start = startOf(process.pid);
  const mine: Owner = { pid: process.pid, startedAt: start === undefined ? '' : `${start.began} ${start.boot}` };
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    if (await publish(file, mine)) return () => rm(file, { force: true });
    const owner = await readOwner(file);
    if (owner !== undefined && isAlive(owner)) throw new ServerRunning(folder, owner.pid);
    // Moved away before it is removed: of two that find the same dead claim only one moves it.
    const dead = `${file}.${process.pid}.dead`;
    await rename(file, dead).catch(() => {});
    await rm(dead, { force: true });
  }
  throw new ServerFailed(`several processes start a server on ${folder} at once`);
}

/** Makes `file` with its whole content, or answers false because there is one: nobody ever reads half a claim. */
async function publish(file: string, owner: Owner): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(owner));
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(file, 'utf8')) as Owner;
    return Number.isInteger(owner.pid) && owner.pid > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, startedAt }: Owner): boolean {
  const [began = '', boot = ''] = startedAt.split(' ');
  return !hasEnded(pid, { boot, began });
}
