import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient, httpTransport, type Client } from '@driftbox/api-client';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { routes, type SentBody } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';
import type { OpenServer } from './open-server.ts';

/** A tenant of a server, and the host name by which its people reach it. */
export type AddedTenant = {
  readonly tenantId: TenantId;
  readonly host: string;
  /** Makes the first owner, where the intent named a first administrator. */
  readonly invitation: string | undefined;
};

type Intent = SentBody<typeof routes.putTenantInAuth>;

/**
 * Registers a tenant in every service, as an administrator of the cell does; called again for the same `tenantId` it
 * changes the intent. The server must have been opened with `DRIFTBOX_INTERNAL_PORT`. Anybody may sign up unless `intent`
 * says otherwise.
 */
export async function addTenant(server: OpenServer, host: string, intent: Partial<Intent> = {}): Promise<AddedTenant> {
  const { internal } = server.process();
  if (internal === undefined) throw new Error('open the server with DRIFTBOX_INTERNAL_PORT to administer it');
  const tenantId = intent.tenantId === undefined ? parseTenantId(randomUUID()) : parseTenantId(intent.tenantId);
  if (tenantId === undefined) throw new Error('not a tenant id');
  const serviceKey = await serviceKeyOf(server.dataFolder);
  const token = () => signServiceToken(serviceKey, { caller: 'admin', tid: tenantId });
  const call = { params: { tenant: tenantId }, body: { name: host, hosts: [host], signUp: 'open' as const, ...intent, tenantId }, token };
  // Auth last: from then on people may come.
  await withClient(internal.metadata, (client) => client.call(routes.putTenantInMetadata, call));
  await withClient(internal.upload, (client) => client.call(routes.putTenantInUpload, call));
  const { invitation } = await withClient(internal.auth, (client) => client.call(routes.putTenantInAuth, call));
  return { tenantId, host, invitation };
}

/** The key by which a standalone server's services know each other. */
export async function serviceKeyOf(dataFolder: string): Promise<string> {
  const secrets = JSON.parse(await readFile(path.join(dataFolder, 'keys', 'cell.json'), 'utf8')) as { readonly serviceKey: string };
  return secrets.serviceKey;
}

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const transport = httpTransport(address);
  try {
    return await use(createClient({ transport }));
  } finally {
    transport.close();
  }
}
