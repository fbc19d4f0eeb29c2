import type { Client } from '@driftbox/api-client';
import type { TenantId } from '@driftbox/domain';
import { routes, type ServiceName } from '@driftbox/protocol';

/** Reaches a service of a cell at its internal address, as the cell's administrator, about one tenant. */
export type Cell = (service: ServiceName, tenantId: TenantId) => Client;

/** The services with rows that are backed up, and by which routes; in this order they are restored, and the first speaks for all. */
export const keepers = [
  { service: 'auth', read: routes.readTenantInAuth, restore: routes.restoreTenantInAuth },
  { service: 'metadata', read: routes.readTenantInMetadata, restore: routes.restoreTenantInMetadata },
  { service: 'share', read: routes.readTenantInShare, restore: routes.restoreTenantInShare },
  { service: 'notification', read: routes.readTenantInNotification, restore: routes.restoreTenantInNotification },
] as const;

/** Keeps collection from deleting anything of the tenant for a day from now; a backup or restore that dies can go on until then. */
export async function holdCollection(cell: Cell, tenantId: TenantId, holder: string, seconds = 86_400): Promise<void> {
  await cell('upload', tenantId).call(routes.holdCollection, { params: { tenant: tenantId, holder }, body: { seconds } });
}
