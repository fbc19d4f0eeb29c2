import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { TokenStore, Tokens } from '@driftbox/api-client';
import type { SignedIn } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';
import { withFileLock } from './file-lock.ts';
import { writePrivateFile } from './write-private-file.ts';

/** What a sign-in leaves on this machine. */
export type Credentials = Tokens & { readonly server: string; readonly email: string; readonly deviceId: string };

/** The credentials of this machine's user; a store for `createSession` too. */
export type CredentialStore = TokenStore<Credentials> & {
  save(credentials: Credentials): Promise<void>;
  remove(): Promise<void>;
};

/** Credentials in `credentials.json` of the folder, mode 0600, changed under a lock that every driftbox process honours. */
export function createCredentialStore(folder: string): CredentialStore {
  const file = path.join(folder, 'credentials.json');
  const lock = `${file}.lock`;
  const read = async (): Promise<Credentials | undefined> => {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw new LocalError(`cannot read ${file}: ${error.message}`);
    });
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as Credentials;
    } catch {
      throw new LocalError(`${file} is damaged: sign in again with driftbox login`);
    }
  };
  const write = (credentials: Credentials) => writePrivateFile(file, `${JSON.stringify(credentials, undefined, 2)}\n`);
  return {
    read,
    save: (credentials) => withFileLock(lock, () => write(credentials)),
    remove: () => withFileLock(lock, () => rm(file, { force: true })),
    exchange: (change) =>
      withFileLock(lock, async () => {
        const current = await read();
        const next = await change(current);
        if (next !== undefined && next !== current) await write(next);
        return next;
      }),
  };
}

/** The credentials that a sign-in gives. */
export function credentialsOf(server: string, signedIn: SignedIn): Credentials {
  const { accessToken, expiresAt, refreshToken, refreshExpiresAt, deviceId, account } = signedIn;
  return { server, email: account.email, deviceId, accessToken, expiresAt, refreshToken, refreshExpiresAt };
}
