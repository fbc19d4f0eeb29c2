import { createCipheriv, createDecipheriv, createPrivateKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';

function sealingKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'driftbox auth signing keys', 32));
}

/** A private key encrypted for the database (AES-256-GCM): nonce, tag, ciphertext. It opens only under the same key id. */
export function sealKey(secret: string, keyId: string, key: KeyObject): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secret), nonce).setAAD(Buffer.from(keyId));
  const text = Buffer.concat([cipher.update(key.export({ format: 'der', type: 'pkcs8' })), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** The reverse. Throws when the secret is another one or the bytes were changed. */
export function openKey(secret: string, keyId: string, sealed: Buffer): KeyObject {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(secret), sealed.subarray(0, 12))
    .setAAD(Buffer.from(keyId))
    .setAuthTag(sealed.subarray(12, 28));
  const der = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
