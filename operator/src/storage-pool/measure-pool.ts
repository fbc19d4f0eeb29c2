import { parseQuantity } from '@driftbox/resources';
import { bytesShown } from '../tenant/coarse-usage.ts';
import type { ShownContent } from '../tenant/tenant.ts';
import type { QuotaOfPool, StoragePoolSpec, TenantOfPool } from './pool.ts';

const units = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const;

/** Bytes that tenants may be given in all: what the spec says, or what the drives of our own hold beside parity. Undefined: no limit. */
export function capacityOf({ capacity, bundled }: StoragePoolSpec): bigint | undefined {
  if (capacity !== undefined) return parseQuantity(capacity);
  const drive = bundled === undefined ? undefined : parseQuantity(bundled.driveSize);
  if (bundled === undefined || drive === undefined) return undefined;
  return drive * BigInt(Math.max(1, bundled.nodes * bundled.drivesPerNode - bundled.parity));
}

/** Bytes that tenants of a pool have been promised: their own limit, or else that of their quota; those without count nothing. */
export function allocatedTo(tenants: readonly TenantOfPool[], quotaOf: (name: string) => QuotaOfPool | undefined): bigint {
  return tenants
    .map(({ spec }) => spec.limits?.storage ?? (spec.quota === undefined ? undefined : quotaOf(spec.quota)?.spec.storage))
    .reduce((sum, size) => sum + ((size === undefined ? undefined : parseQuantity(size)) ?? 0n), 0n);
}

/**
 * Bytes that people of the tenants that lie in a pool have stored, as near as the tenants say. Packs take less of what several files have
 * in common, and more of what is still to be collected.
 */
export function usedIn(pool: string, tenants: readonly TenantOfPool[]): bigint {
  return tenants
    .map(({ status }) => (status?.pool === pool ? bytesShown(status.usage?.storage ?? '') : 0))
    .reduce((sum, bytes) => sum + BigInt(bytes), 0n);
}

/** How whole the content of all tenants that lie in a pool was found: what was verified longest ago, and all damage together. */
export function contentIn(pool: string, tenants: readonly TenantOfPool[]): ShownContent {
  const found = tenants.flatMap(({ status }) => (status?.pool === pool && status.content !== undefined ? [status.content] : []));
  // Days as ISO 8601 writes them sort as they follow.
  const [oldest] = found.flatMap(({ verifiedSince = [] }) => verifiedSince).toSorted();
  const damagedChunks = found.reduce((sum, one) => sum + one.damagedChunks, 0);
  return { ...(oldest === undefined ? {} : { verifiedSince: oldest }), damagedChunks };
}

/** Bytes for people, in the largest unit in which they are at least one, rounded down: `12Gi`. */
export function showBytes(bytes: bigint): string {
  const unit = Math.max(
    0,
    units.findLastIndex((_, power) => bytes >= 1n << (10n * BigInt(power))),
  );
  return `${bytes >> (10n * BigInt(unit))}${units[unit] ?? ''}`;
}
