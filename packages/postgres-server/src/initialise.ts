import { execFile } from 'node:child_process';
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { ServerFailed } from './errors.ts';
import { giveTo, type RunAs } from './run-as.ts';

const run = promisify(execFile);

/** The socket's folder is closed to others, so it needs no password; TCP always does. */
const accessRules = `local all all trust
host all all 127.0.0.1/32 scram-sha-256
`;

/**
 * Makes a new cluster (UTF-8, C.UTF-8 collation of PostgreSQL's own, checksums on). It is made beside its place and then
 * renamed, so that a crash half way leaves nothing that looks finished.
 */
export async function initialise(binaries: Binaries, dataFolder: string, user: RunAs): Promise<void> {
  const making = `${dataFolder}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { mode: 0o700 });
  await giveTo(making, user);
  const flags = [
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
    '--no-sync',
  ];
  await run(binaries.initdb, ['-D', making, ...flags], { cwd: making, env: { LC_ALL: 'C' }, ...user }).catch(
    (cause: { stderr?: string }) => {
      throw new ServerFailed(`initdb failed: ${cause.stderr ?? ''}`, { cause });
    },
  );
  await writeFile(path.join(making, 'pg_hba.conf'), accessRules);
  await appendFile(path.join(making, 'postgresql.conf'), '# Settings come from the command line.\n');
  await run('sync', ['-f', making]).catch(() => {});
  await rename(making, dataFolder);
}
