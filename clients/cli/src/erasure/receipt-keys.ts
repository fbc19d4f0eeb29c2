import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { LocalError } from '@driftbox/transfer';

/**
 * Makes the key pair that receipts are signed with (Ed25519, PEM): the private key in `file`, for its owner alone, the public
 * one in `file.pub`. Neither may exist yet. Answers the id of the public key.
 */
export async function makeReceiptKey(file: string): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
  };
  try {
    await writeFile(file, pem.privateKey, { mode: 0o600, flag: 'wx' });
    await writeFile(`${file}.pub`, pem.publicKey, { mode: 0o644, flag: 'wx' });
  } catch (error) {
    throw new LocalError(`cannot make ${file} and ${file}.pub: ${(error as Error).message}`);
  }
  return keyIdOf(publicKey);
}

/** Throws `LocalError` for a file that holds no such key. */
export function readPrivateKey(file: string): Promise<KeyObject> {
  return readKey(file, createPrivateKey, 'the private key of receipts: driftbox admin erasure key FILE makes one');
}

/** Throws `LocalError` for a file that holds no such key. A private key is refused: who verifies must not need it. */
export function readPublicKey(file: string): Promise<KeyObject> {
  return readKey(file, (pem) => (pem.includes('PRIVATE') ? undefined : createPublicKey(pem)), 'the public key of receipts');
}

/** SHA-256 of the public key in DER, in hex: what people compare and what a receipt names. */
export function keyIdOf(key: KeyObject): string {
  const der = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex');
}

async function readKey(file: string, parse: (pem: string) => KeyObject | undefined, what: string): Promise<KeyObject> {
  const pem = await readFile(file, 'utf8').catch((error: Error) => {
    throw new LocalError(`cannot read ${file}: ${error.message}`);
  });
  let key: KeyObject | undefined;
  try {
    key = parse(pem);
  } catch {
    // What the parser says may quote the key.
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw new LocalError(`${file} is not ${what}`);
  return key;
}
