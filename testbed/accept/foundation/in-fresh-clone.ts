import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectFolder } from '../../src/standalone-process.ts';
import type { Shown } from '../point.ts';

/** A clone of this commit in which nothing was ever run, and the environment of somebody who has installed nothing. */
export type FreshClone = { readonly clone: string; readonly folder: string; readonly env: NodeJS.ProcessEnv };

/** Shows something in a fresh clone with an npm cache of its own, both removed afterwards. What is not committed is not in it. */
export async function inFreshClone(show: (fresh: FreshClone) => Promise<Shown>): Promise<Shown> {
  const folder = await mkdtemp(path.join(tmpdir(), 'driftbox-clone-'));
  try {
    // PostgreSQL may run as another user, who must be able to pass through.
    await chmod(folder, 0o711);
    const clone = path.join(folder, 'driftbox');
    await promisify(execFile)('git', ['clone', '-q', projectFolder, clone]);
    return await show({ clone, folder, env: environment(path.join(folder, 'npm-cache')) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** This process's environment without what npm put into it for the checkout that it runs in. */
function environment(npmCache: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE_OPTIONS$|INIT_CWD$|DRIFTBOX_)/i.test(name));
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => !folder.includes('node_modules'));
  return { ...Object.fromEntries(own), PATH: folders.join(path.delimiter), npm_config_cache: npmCache };
}
