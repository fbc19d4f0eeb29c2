import { createClient, httpTransport, type Client } from '@driftbox/api-client';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';
import { cellOf } from './add-tenant.ts';
import type { World } from './world.ts';

/**
 * Has a world's server check all of its tenant as `driftbox admin fsck` does, every pack read and verified. Answers how many bytes of packs
 * that were. Throws when anything is wrong. The world's server must have an internal port.
 */
export async function checkTenant(world: Pick<World, 'server' | 'dataFolder'>): Promise<number> {
  const { internal } = world.server();
  const { serviceKey, defaultTenant } = await cellOf(world.dataFolder);
  const tenant = parseTenantId(defaultTenant);
  if (internal === undefined || tenant === undefined) throw new Error('the server has no internal port, or no tenant');
  const transport = httpTransport(internal.upload);
  const client = createClient({ transport, token: () => signServiceToken(serviceKey, { caller: 'admin', tid: tenant }) });
  try {
    return await checkThrough(client, tenant);
  } finally {
    transport.close();
  }
}

/** The same through a client of upload's that speaks as an administrator. */
export async function checkThrough(client: Client, tenant: TenantId): Promise<number> {
  let packBytes = 0;
  for (let place: string | undefined; ;) {
    const answer = await client.call(routes.checkTenantInUpload, { params: { tenant }, body: { ...(place && { place }) } });
    if (answer.findings.length > 0) throw new Error(`the check found ${JSON.stringify(answer.findings.slice(0, 3))}`);
    packBytes += answer.packBytes;
    place = answer.place;
    if (place === undefined) return packBytes;
  }
}
