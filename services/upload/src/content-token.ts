import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { accessClaims, driveIdField, entryIdField, revField, tenantIdField } from '@driftbox/protocol';
import { z } from 'zod';

const grant = z.object({
  tenantId: tenantIdField,
  drive: driveIdField,
  entry: entryIdField,
  rev: revField,
  /** On whose authority: rechecked whenever the token is used. */
  act: accessClaims.omit({ tid: true }),
  disposition: z.enum(['attachment', 'inline']),
  expiresAtMs: z.number().int(),
});

/** What a signed URL grants: one revision of one file, as far as this user may read it, until a time. */
export type ContentGrant = z.output<typeof grant>;

const ivBytes = 12;
const tagBytes = 16;

function keyOf(secret: Uint8Array, tenantId: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, tenantId, 'driftbox content url 2', 32));
}

/**
 * The token of a signed URL. `secret` is the cell's; each tenant's key is derived from it (RFC 5869). It is sealed
 * (AES-256-GCM) and not only signed, because whoever is handed a URL need not learn who made it, or the ids in it.
 */
export function sealContentToken(secret: Uint8Array, granted: ContentGrant): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret, granted.tenantId), iv);
  return Buffer.concat([iv, cipher.update(JSON.stringify(granted)), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** What the token grants now to this tenant's host; `undefined` for anything forged, foreign, malformed or expired, alike. */
export function openContentToken(secret: Uint8Array, tenantId: string, token: string, nowMs: number): ContentGrant | undefined {
  const plain = open(keyOf(secret, tenantId), Buffer.from(token, 'base64url'));
  const parsed = plain === undefined ? undefined : grant.safeParse(JSON.parse(plain));
  if (parsed?.success !== true || parsed.data.tenantId !== tenantId || parsed.data.expiresAtMs <= nowMs) return undefined;
  return parsed.data;
}

function open(key: Uint8Array, sealed: Buffer): string | undefined {
  if (sealed.length < ivBytes + tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(ivBytes, -tagBytes)), decipher.final()]).toString();
  } catch {
    return undefined;
  }
}
