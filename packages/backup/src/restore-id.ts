import { createHash } from 'node:crypto';
import type { TenantId } from '@driftbox/domain';

/** The id of restoring a point into a tenant: always the same, so that the same command goes on with what it had begun. */
export function restoreIdOf(point: string, tenantId: TenantId): string {
  const bytes = createHash('sha256').update(`driftbox restore ${point} ${tenantId}`).digest().subarray(0, 16);
  // Version 8 and its variant (RFC 9562): a UUID whose bits are its maker's own.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
