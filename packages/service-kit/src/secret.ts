import { createHash, randomBytes } from 'node:crypto';

/** A secret for a token or a mail: 256 random bits in hex, so that it never begins with a dash on somebody's command line. */
export function newSecret(): string {
  return randomBytes(32).toString('hex');
}

/** What is stored of a secret. It is random enough to need neither salt nor slowness. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
