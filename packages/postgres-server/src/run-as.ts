import { execFile } from 'node:child_process';
import { chown, lstat, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ServerFailed } from './errors.ts';

/** Whom the server runs as; `undefined` means this process's own user. */
export type RunAs = { readonly uid: number; readonly gid: number } | undefined;

const run = promisify(execFile);
const candidates = ['postgres', 'driftbox'];

/**
 * PostgreSQL refuses to run as root. As root this picks the user that owns `dataFolder`, an existing `postgres` or
 * `driftbox` user, or else creates a system user `driftbox`. As anybody else it is that user.
 */
export async function chooseUser(dataFolder: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(dataFolder).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const known = await findUser();
  if (known !== undefined) return known;
  await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'driftbox']).catch(
    (cause: unknown) => {
      throw new ServerFailed(
        'PostgreSQL does not run as root, and no user could be created for it: run as another user, or create a user "driftbox"',
        { cause },
      );
    },
  );
  const created = await findUser();
  if (created === undefined) throw new ServerFailed('the user "driftbox" was created but cannot be found');
  return created;
}

async function findUser(): Promise<RunAs> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  for (const name of candidates) {
    const fields = lines.find((line) => line[0] === name);
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  return undefined;
}

/** Throws, naming the folder, when the chosen user could not even get to `target` because a parent is closed to it. */
export async function checkReachable(target: string, user: RunAs): Promise<void> {
  if (user === undefined) return;
  for (let folder = path.dirname(path.resolve(target)); ; folder = path.dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) {
      throw new ServerFailed(
        `PostgreSQL runs as user ${user.uid}, which may not enter ${folder}: ` +
          `choose another folder, run as a user who may, or "chmod o+x ${folder}"`,
      );
    }
    if (folder === path.dirname(folder)) return;
  }
}

/** Gives a folder and everything in it to the chosen user; links are not followed. */
export async function giveTo(folder: string, user: RunAs): Promise<void> {
  if (user === undefined) return;
  await chown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { recursive: true })) {
    const file = path.join(folder, entry);
    if (!(await lstat(file)).isSymbolicLink()) await chown(file, user.uid, user.gid);
  }
}
