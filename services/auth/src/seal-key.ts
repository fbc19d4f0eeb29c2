import { createPrivateKey, type KeyObject } from 'node:crypto';
import { openSealed, seal } from './seal.ts';

/** A private key encrypted for the database. It opens only under the same key id. */
export function sealKey(secret: string, keyId: string, key: KeyObject): Buffer {
  return seal(secret, 'signing keys', keyId, key.export({ format: 'der', type: 'pkcs8' }));
}

/** The reverse. Throws when the secret is another one or the bytes were changed. */
export function openKey(secret: string, keyId: string, sealed: Buffer): KeyObject {
  return createPrivateKey({ key: openSealed(secret, 'signing keys', keyId, sealed), format: 'der', type: 'pkcs8' });
}
