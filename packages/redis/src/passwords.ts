import { createHash } from 'node:crypto';
import { askRedis, type ConnectOptions, type Redis } from './connect-redis.ts';

/** A Redis as who has no name there reaches it, and the passwords by which it is to let that one in. */
export type Passwords = ConnectOptions & {
  /** `redis://` or `rediss://host:port`. */
  readonly url: string;
  /** It lets in by one of these already. */
  readonly passwords: readonly string[];
};

/** Whether a Redis lets in by these passwords, and by no others. Throws what is in the way of asking. */
export async function takesPasswords(at: Passwords): Promise<boolean> {
  const told = (await askByEither(at, (redis) => redis.acl('GETUSER', 'default'))) as readonly unknown[];
  const taken = told[told.indexOf('passwords') + 1] as readonly string[];
  return taken.toSorted().join(' ') === at.passwords.map(digestOf).toSorted().join(' ');
}

/** Has it let in by these passwords, and by no others, all at once; connections stay. It forgets that when it ends. */
export async function takePasswords(at: Passwords): Promise<void> {
  const added = at.passwords.map((password) => `#${digestOf(password)}`);
  await askByEither(at, (redis) => redis.acl('SETUSER', 'default', 'resetpass', ...added));
}

/** As Redis keeps it. */
function digestOf(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

async function askByEither<T>({ url, passwords, ...options }: Passwords, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const [first = '', ...others] = passwords;
  try {
    return await askRedis(url.replace('://', `://:${encodeURIComponent(first)}@`), options, ask);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (others.length === 0 || !message.startsWith('WRONGPASS')) throw error;
    return askByEither({ ...options, url, passwords: others }, ask);
  }
}
