import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readlink, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../../src/standalone-process.ts';

/** The code of an earlier commit, in a folder of its own, with the migrations of this checkout in the place of its own. */
export type OldCheckout = {
  readonly folder: string;
  /** Its short hash and subject. */
  readonly commit: string;
  /** What came to the schema since, as `SERVICE/FILE`. */
  readonly newMigrations: readonly string[];
};

const run = promisify(execFile);
const migrationFolders = ['services/*/migrations', 'packages/postgres/migrations'];

async function git(...args: string[]): Promise<string> {
  return (await run('git', args, { cwd: projectFolder })).stdout.trim();
}

/**
 * Unpacks the newest commit before the last one that changed a migration. It runs with the outside libraries that are installed
 * here, and with its own workspaces. Throws where the history does not reach so far back.
 */
export async function checkOutBeforeSchema(folder: string): Promise<OldCheckout> {
  const changed = await git('log', '-1', '--format=%H', '--', ...migrationFolders.map((at) => `:(glob)${at}/*.sql`));
  if (changed === '') throw new Error('the history has no commit that changed a migration');
  const commit = await git('log', '-1', '--format=%h %s', `${changed}~1`);
  const archive = `${folder}.tar`;
  await git('archive', '--output', archive, `${changed}~1`);
  await mkdir(folder);
  await run('tar', ['-xf', archive, '-C', folder]);
  await rm(archive);
  await linkModules(folder);
  return { folder, commit, newMigrations: await takeMigrations(folder) };
}

/** Outside libraries from here; names of workspaces lead into the old code, as `npm install` there would have it. */
async function linkModules(folder: string): Promise<void> {
  const own = '@driftbox';
  const from = path.join(projectFolder, 'node_modules');
  const to = path.join(folder, 'node_modules');
  await mkdir(path.join(to, own), { recursive: true });
  for (const name of await readdir(from)) if (name !== own) await symlink(path.join(from, name), path.join(to, name));
  for (const name of await readdir(path.join(from, own))) {
    const link = await readlink(path.join(from, own, name));
    const workspace = path.resolve(to, own, link);
    if (!(await isThere(workspace))) continue;
    await symlink(link, path.join(to, own, name));
    const nested = path.join(path.resolve(from, own, link), 'node_modules');
    if (await isThere(nested)) await symlink(nested, path.join(workspace, 'node_modules'));
  }
}

/** Old code finds the schema of today under way or done: its standalone server refuses a database that knows more than its folders. */
async function takeMigrations(folder: string): Promise<string[]> {
  const added: string[] = [];
  for (const service of await readdir(path.join(projectFolder, 'services'))) {
    const at = path.join('services', service, 'migrations');
    if (!(await isThere(path.join(projectFolder, at)))) continue;
    const before = new Set(await readdir(path.join(folder, at)).catch((): string[] => []));
    for (const file of await readdir(path.join(projectFolder, at))) if (!before.has(file)) added.push(`${service}/${file}`);
    await cp(path.join(projectFolder, at), path.join(folder, at), { recursive: true });
  }
  const shared = 'packages/postgres/migrations';
  await cp(path.join(projectFolder, shared), path.join(folder, shared), { recursive: true });
  return added;
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
