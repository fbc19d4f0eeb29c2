import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, closeSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandOf, isAlive } from '@driftbox/processes';

/** A component that runs in the background, kept by a process of its own (`keep.ts`). */
export type KeptComponent = {
  readonly name: string;
  readonly keeper: number;
  readonly addresses: Readonly<Record<string, string>>;
  readonly pids: readonly number[];
};

const keeperFile = path.join(import.meta.dirname, 'keep.ts');
const startTimeoutMs = 120_000;

/** Where a component in the background has its files; one of each name for each user. */
export function backgroundFolder(name: string): string {
  return path.join(tmpdir(), `driftbox-components-${userInfo().username}`, name);
}

/** The component as its keeper wrote it down, or `undefined` when none runs under that name. */
export async function findKept(name: string): Promise<KeptComponent | undefined> {
  const text = await readFile(path.join(backgroundFolder(name), 'kept.json'), 'utf8').catch(() => undefined);
  const kept = text === undefined ? undefined : (JSON.parse(text) as KeptComponent);
  return kept !== undefined && isKeeper(kept.keeper) ? kept : undefined;
}

/** Starts a component that outlives this process. Throws, with the end of its log, when it does not start. */
export async function startInBackground(name: string): Promise<KeptComponent> {
  const running = await findKept(name);
  if (running !== undefined) return running;
  const folder = backgroundFolder(name);
  await rm(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const log = openSync(path.join(folder, 'keeper.log'), 'a', 0o600);
  const keeper = spawn(process.execPath, ['--no-warnings', keeperFile, name, folder], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended = false;
  keeper.once('exit', () => (ended = true));
  await once(keeper, 'spawn');
  for (const giveUpAtMs = performance.now() + startTimeoutMs; ; await delay(50)) {
    const kept = await findKept(name);
    if (kept !== undefined) {
      keeper.unref();
      return kept;
    }
    if (!ended && performance.now() < giveUpAtMs) continue;
    keeper.kill('SIGKILL');
    throw new Error(`${name} did not start:\n${readFileSync(path.join(folder, 'keeper.log'), 'utf8').slice(-4_000)}`);
  }
}

/** Stops a component and removes its files; answers false when none ran. */
export async function stopInBackground(name: string): Promise<boolean> {
  const kept = await findKept(name);
  if (kept !== undefined) {
    process.kill(kept.keeper, 'SIGTERM');
    const killAtMs = performance.now() + 60_000;
    while (isKeeper(kept.keeper)) {
      if (performance.now() > killAtMs) process.kill(kept.keeper, 'SIGKILL');
      await delay(20);
    }
  }
  await rm(backgroundFolder(name), { recursive: true, force: true });
  return kept !== undefined;
}

/** True while `pid` is a keeper, and not a later process that got its number. */
function isKeeper(pid: number): boolean {
  return isAlive(pid) && (process.platform !== 'linux' || commandOf(pid).includes(keeperFile));
}
