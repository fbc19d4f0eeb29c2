import { chmod, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where everything that must survive lies. */
export type DataFolder = {
  readonly root: string;
  /** PostgreSQL's own. */
  readonly postgres: string;
  /** Packs: ciphertext only. */
  readonly pool: string;
  /** Key-encryption keys, the cell's secrets, the default tenant's id. Keep a copy apart from the pool. */
  readonly keys: string;
  /** Secrets that Tenants in files name: a folder each, with a file for each key. */
  readonly secrets: string;
  /** Mails as `.eml` files, until a mail server is configured. */
  readonly mail: string;
  /** Events that a service could not handle, until they are replayed. */
  readonly deadLetters: string;
};

/** `/var/lib/driftbox` for root, whose home PostgreSQL's user may not enter; else under the user's XDG data folder. */
export function defaultDataFolder(env: Readonly<Record<string, string | undefined>>, isRoot: boolean): string {
  if (isRoot) return '/var/lib/driftbox';
  return path.join(env['XDG_DATA_HOME'] ?? path.join(homedir(), '.local', 'share'), 'driftbox');
}

/** Creates what is missing. Only PostgreSQL's user may pass through the root folder; the rest is the owner's alone. */
export async function openDataFolder(root: string): Promise<DataFolder> {
  const absolute = path.resolve(root);
  const folder = {
    root: absolute,
    postgres: path.join(absolute, 'postgres'),
    pool: path.join(absolute, 'pool'),
    keys: path.join(absolute, 'keys'),
    secrets: path.join(absolute, 'secrets'),
    mail: path.join(absolute, 'mail'),
    deadLetters: path.join(absolute, 'dead-letters'),
  };
  await mkdir(absolute, { recursive: true });
  await chmod(absolute, 0o711);
  for (const own of [folder.pool, folder.keys, folder.secrets, folder.mail, folder.deadLetters])
    await mkdir(own, { recursive: true, mode: 0o700 });
  return folder;
}
