import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** What something sealed is for: each purpose has a key of its own. */
export type SealPurpose = 'signing keys' | 'issuer secrets' | 'sign-in state';

function keyOf(secret: string, purpose: SealPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `driftbox auth ${purpose}`, 32));
}

/** Bytes encrypted for a place that others read (AES-256-GCM): nonce, tag, ciphertext. They open only under the same `place`. */
export function seal(secret: string, purpose: SealPurpose, place: string, plain: Uint8Array): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret, purpose), nonce).setAAD(Buffer.from(place));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** The reverse. Throws when the secret or the place is another one, or the bytes were changed. */
export function openSealed(secret: string, purpose: SealPurpose, place: string, sealed: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret, purpose), sealed.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(place))
    .setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}
