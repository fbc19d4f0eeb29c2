import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { LocalError } from '@driftbox/transfer';

/** What a sealed text begins with, so that nobody takes another file for one. */
const kind = 'driftbox-sealed/1';
/** So much work is each guess of a passphrase: a good half second, and 256 MiB. */
const cost = { N: 1 << 18, r: 8, p: 1 } as const;
const tagBytes = 16;

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** A text that only a passphrase opens (scrypt, then AES-256-GCM), as JSON of one line. */
export async function sealText(text: string, passphrase: string): Promise<string> {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt), nonce).setAAD(Buffer.from(kind));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${JSON.stringify({ kind, salt: base64(salt), nonce: base64(nonce), sealed: base64(sealed) })}\n`;
}

/** The other way round. Throws `LocalError` for a text that is none, for another passphrase, and where a byte was changed. */
export async function openText(document: string, passphrase: string): Promise<string> {
  const { salt, nonce, sealed } = parse(document);
  const key = await keyOf(passphrase, salt);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(kind));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    throw new LocalError('the passphrase does not open it, or it was changed');
  }
}

function parse(document: string): { readonly salt: Buffer; readonly nonce: Buffer; readonly sealed: Buffer } {
  let read: Partial<Record<'kind' | 'salt' | 'nonce' | 'sealed', unknown>> = {};
  try {
    read = Object(JSON.parse(document)) as typeof read;
  } catch {
    // Said below.
  }
  const of = (part: unknown): Buffer => Buffer.from(typeof part === 'string' ? part : '', 'base64');
  const [salt, nonce, sealed] = [of(read.salt), of(read.nonce), of(read.sealed)];
  if (read.kind !== kind || salt.length !== 16 || nonce.length !== 12 || sealed.length < tagBytes)
    throw new LocalError('it is not what driftbox admin export-keys has written');
  return { salt, nonce, sealed };
}

function keyOf(passphrase: string, salt: Buffer): Promise<Buffer> {
  // However somebody's keyboard writes an accent.
  return derive(passphrase.normalize('NFC'), salt, 32, { ...cost, maxmem: 2 * 128 * cost.N * cost.r });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64');
}
