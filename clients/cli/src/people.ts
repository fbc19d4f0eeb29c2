import type { Client } from '@driftbox/api-client';
import { routes, type TenantUser } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';
import { allPages } from './all-pages.ts';
import { visible } from './output.ts';

/** All people of the tenant: an administrator's list, page by page. */
export function peopleOf(client: Client): Promise<TenantUser[]> {
  return allPages((cursor) => client.call(routes.listUsers, { query: { cursor, limit: 1000 } }));
}

/** Somebody of the tenant by their address, whatever its case. */
export async function findPerson(client: Client, email: string): Promise<TenantUser> {
  const found = (await peopleOf(client)).find((one) => one.email === email.toLowerCase());
  if (found === undefined) throw new LocalError(`nobody of the tenant has the address ${visible(email)}`);
  return found;
}
