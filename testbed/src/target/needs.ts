import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { testTarget } from './test-target.ts';

/** What not every target, and not every machine, has, and how its lack is told. */
export const needs = {
  ownServer: 'a server of its own, to set up, stop or kill',
  administrator: "an administrator's key",
  mounts: 'the right to mount a file system: root on Linux',
  openssl: 'openssl, to make certificates',
} as const;

/** What a test may need of its target, or of the machine that it runs on. */
export type Need = keyof typeof needs;

/** Begins the part of a skipped test's name that says why. `npm test` reads it too (tools/src/count-tests.ts). */
export const reasonMark = ' (needs ';

const has: Readonly<Record<Need, () => boolean>> = {
  ownServer: () => testTarget() === undefined,
  administrator: () => testTarget() === undefined || testTarget()?.administrator !== undefined,
  mounts: mayMount,
  openssl: () => spawnSync('openssl', ['version']).status === 0,
};

/** Whether there is such a thing for these tests. */
export function targetHas(need: Need): boolean {
  return has[need]();
}

/** Tries it: not every root may. */
function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(path.join(tmpdir(), 'driftbox-mount-'));
  const may = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0;
  if (may) spawnSync('umount', ['-l', folder]);
  rmdirSync(folder);
  return may;
}
