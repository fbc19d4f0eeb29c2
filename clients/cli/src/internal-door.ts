import { createHmac } from 'node:crypto';
import { createClient, httpTransport, type Client } from '@driftbox/api-client';
import type { TenantId } from '@driftbox/domain';
import type { Context } from './command.ts';
import { UsageError } from './exit-codes.ts';
import { parseServer } from './server-address.ts';

/** A service at its internal address, to the cell's administrator: for one tenant, or for what belongs to none. */
export type InternalDoor = { client(tenant: TenantId | undefined): Client; close(): void };

const lifeSeconds = 60;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What opens the doors of a cell's services: the service key, which has to be set. Whoever opens a door closes it. */
export function internalDoors({ env, signal }: Context): (address: string) => InternalDoor {
  const serviceKey = env['DRIFTBOX_SERVICE_KEY'];
  if (serviceKey === undefined || Buffer.byteLength(serviceKey) < 32)
    throw new UsageError("set DRIFTBOX_SERVICE_KEY to the cell's service key");
  return (address) => {
    const server = parseServer(address, env['DRIFTBOX_ALLOW_HTTP'] === '1');
    const transport = httpTransport(server);
    return {
      client: (tenant) =>
        createClient({ transport, server, signal, token: () => Promise.resolve(adminToken(serviceKey, tenant, Date.now())) }),
      close: () => transport.close(),
    };
  };
}

/** Runs something with upload's internal address, which `--server` names, and closes the connection. */
export async function withUpload<T>(context: Context, tenant: TenantId | undefined, work: (client: Client) => Promise<T>): Promise<T> {
  const open = internalDoors(context);
  if (context.server === undefined) throw new UsageError("name upload's internal address: --server http://127.0.0.1:7431");
  const upload = open(context.server);
  try {
    return await work(upload.client(tenant));
  } finally {
    upload.close();
  }
}

/**
 * A token for a cell's administrator, for one tenant or for what belongs to none. Valid for a minute (JWT, RFC 7519, HS256
 * under the cell's service key).
 */
function adminToken(serviceKey: string, tenant: TenantId | undefined, nowMs: number): string {
  const issued = Math.floor(nowMs / 1000);
  const claims = { caller: 'admin', tid: tenant, aud: 'driftbox-internal', iat: issued, exp: issued + lifeSeconds };
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', serviceKey).update(text).digest('base64url')}`;
}
