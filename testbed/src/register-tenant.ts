import { randomUUID } from 'node:crypto';
import { createClient, httpTransport, type Client } from '@driftbox/api-client';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { routes, type SentBody } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';

/** A tenant of a server, and the host name by which its people reach it. */
export type AddedTenant = {
  readonly tenantId: TenantId;
  readonly host: string;
  /** Makes the first owner, where the intent named a first administrator. */
  readonly invitation: string | undefined;
};

/** What a tenant is to be, as auth is told. */
export type TenantIntent = SentBody<typeof routes.putTenantInAuth>;

/** Where a cell is administered: the internal addresses of its services, and the key by which they know each other. */
export type CellDoor = {
  readonly internal: { readonly auth: string; readonly metadata: string; readonly upload: string };
  readonly serviceKey: string;
};

/**
 * Registers a tenant in every service, as an administrator of the cell does; called again for the same `tenantId` it
 * changes the intent. Anybody may sign up unless `intent` says otherwise.
 */
export async function registerTenant(cell: CellDoor, host: string, intent: Partial<TenantIntent> = {}): Promise<AddedTenant> {
  const tenantId = intent.tenantId === undefined ? parseTenantId(randomUUID()) : parseTenantId(intent.tenantId);
  if (tenantId === undefined) throw new Error('not a tenant id');
  const token = () => signServiceToken(cell.serviceKey, { caller: 'admin', tid: tenantId });
  const call = { params: { tenant: tenantId }, body: { name: host, hosts: [host], signUp: 'open' as const, ...intent, tenantId }, token };
  // Auth last: from then on people may come.
  await withClient(cell.internal.metadata, (client) => client.call(routes.putTenantInMetadata, call));
  await withClient(cell.internal.upload, (client) => client.call(routes.putTenantInUpload, call));
  const { invitation } = await withClient(cell.internal.auth, (client) => client.call(routes.putTenantInAuth, call));
  return { tenantId, host, invitation };
}

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const transport = httpTransport(address);
  try {
    return await use(createClient({ transport }));
  } finally {
    transport.close();
  }
}
