import type { TenantIntent } from '@driftbox/protocol';
import type { Destination } from './destination.ts';
import { findPoint } from './find-point.ts';

/** What the tenant was told to be at a point, the newest if none is named, without secrets. Throws `not_found`. */
export async function tenantOfBackup(destination: Destination, id: string | undefined): Promise<TenantIntent> {
  return (await findPoint(destination, id)).intent;
}
