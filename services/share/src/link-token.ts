import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { TenantId } from '@driftbox/domain';
import { hashSecret } from '@driftbox/service-kit';

/**
 * The secret in a link's URL: HMAC-SHA-256 of its id under the tenant's key (RFC 2104), which is derived from the cell's secret
 * (RFC 5869). 256 bits that nobody can tell from chance without that secret, and its creator can be shown again, though only
 * their hash is stored.
 */
export function linkToken(secret: Uint8Array, tenantId: TenantId, linkId: string): string {
  const key = new Uint8Array(hkdfSync('sha256', secret, tenantId, 'driftbox link 1', 32));
  return createHmac('sha256', key).update(linkId).digest('base64url');
}

/** True where the token is the one whose hash is stored; takes as long either way. */
export function isToken(token: string, storedHash: Uint8Array): boolean {
  return timingSafeEqual(hashSecret(token), storedHash);
}
