import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OpenServer } from './open-server.ts';
import { registerTenant, type AddedTenant, type CellDoor, type TenantIntent } from './register-tenant.ts';

/** Registers a tenant on a server that was opened with `DRIFTBOX_INTERNAL_PORT`; see `registerTenant`. */
export async function addTenant(server: OpenServer, host: string, intent: Partial<TenantIntent> = {}): Promise<AddedTenant> {
  return registerTenant(await doorOf(server), host, intent);
}

async function doorOf(server: OpenServer): Promise<CellDoor> {
  const { internal } = server.process();
  if (internal === undefined) throw new Error('open the server with DRIFTBOX_INTERNAL_PORT to administer it');
  return { internal, serviceKey: await serviceKeyOf(server.dataFolder) };
}

/** What a standalone server made for its cell: the key by which its services know each other, and its tenant's id. */
export async function cellOf(dataFolder: string): Promise<{ readonly serviceKey: string; readonly defaultTenant: string }> {
  return JSON.parse(await readFile(path.join(dataFolder, 'keys', 'cell.json'), 'utf8')) as Awaited<ReturnType<typeof cellOf>>;
}

/** The key by which a standalone server's services know each other. */
export async function serviceKeyOf(dataFolder: string): Promise<string> {
  return (await cellOf(dataFolder)).serviceKey;
}
