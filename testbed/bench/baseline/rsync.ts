import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** True where rsync is installed and knows `--fsync` (3.2.4 or newer). */
export async function hasRsync(): Promise<boolean> {
  return run('rsync', ['--help']).then(
    ({ stdout }) => stdout.includes('--fsync'),
    () => false,
  );
}

/** Why a row is skipped where rsync is missing. */
export const noRsync = { skipped: 'rsync with --fsync is not installed (apt-get install rsync)' };

/** Brings `target` in line with `source`, telling changed files as differences, with everything on disk at the end. */
export async function rsync(source: string, target: string): Promise<void> {
  await run('rsync', ['--recursive', '--times', '--links', '--perms', '--no-whole-file', '--fsync', source, target]);
}
