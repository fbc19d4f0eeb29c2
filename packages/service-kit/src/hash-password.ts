import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { WorkSlots } from './work-slots.ts';

const derive = promisify(argon2);

/** Cost of one hash: 19 MiB and two passes, the least that OWASP's password storage sheet asks of argon2id. */
export type PasswordCost = { readonly memoryKiB: number; readonly passes: number };
export const defaultCost: PasswordCost = { memoryKiB: 19_456, passes: 2 };

const tagBytes = 32;
const slots = new WorkSlots(2, 100);

/** How many passwords of this process wait for their turn. */
export function waitingPasswords(): number {
  return slots.waiting;
}

async function tagOf(password: string, salt: Buffer, cost: PasswordCost): Promise<Buffer> {
  return slots.run(() =>
    derive('argon2id', {
      message: password.normalize('NFC'),
      nonce: salt,
      parallelism: 1,
      tagLength: tagBytes,
      memory: cost.memoryKiB,
      passes: cost.passes,
    }),
  );
}

function plain64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

/** argon2id (RFC 9106) as a PHC string, with a fresh salt. At most two run at once; with a long queue it throws `unavailable`. */
export async function hashPassword(password: string, cost: PasswordCost = defaultCost): Promise<string> {
  const salt = randomBytes(16);
  const tag = await tagOf(password, salt, cost);
  return `$argon2id$v=19$m=${cost.memoryKiB},t=${cost.passes},p=1$${plain64(salt)}$${plain64(tag)}`;
}

/** True when `password` is the one behind `stored`. Takes as long either way. Throws on what `hashPassword` never made. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, memory, passes, salt, tag] = /^\$argon2id\$v=19\$m=([0-9]+),t=([0-9]+),p=1\$([^$]+)\$([^$]+)$/.exec(stored) ?? [];
  if (memory === undefined || passes === undefined || salt === undefined || tag === undefined)
    throw new Error('a stored password hash is malformed');
  const found = await tagOf(password, Buffer.from(salt, 'base64'), { memoryKiB: Number(memory), passes: Number(passes) });
  return timingSafeEqual(found, Buffer.from(tag, 'base64'));
}
