import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
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

function sign(secret: Uint8Array, tenantId: string, payload: string): Buffer {
  const key = new Uint8Array(hkdfSync('sha256', secret, tenantId, 'driftbox content url 1', 32));
  return createHmac('sha256', key).update(payload).digest();
}

/** The token of a signed URL. `secret` is the cell's; each tenant's key is derived from it (RFC 5869). */
export function signContentToken(secret: Uint8Array, granted: ContentGrant): string {
  const payload = Buffer.from(JSON.stringify(granted)).toString('base64url');
  return `${payload}.${sign(secret, granted.tenantId, payload).toString('base64url')}`;
}

/** What the token grants now to this tenant's host; `undefined` for anything forged, foreign, malformed or expired, alike. */
export function readContentToken(secret: Uint8Array, tenantId: string, token: string, nowMs: number): ContentGrant | undefined {
  const [payload = '', signature = '', ...rest] = token.split('.');
  const expected = sign(secret, tenantId, payload);
  const given = Buffer.from(signature, 'base64url');
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const parsed = grant.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  if (!parsed.success || parsed.data.tenantId !== tenantId || parsed.data.expiresAtMs <= nowMs) return undefined;
  return parsed.data;
}
