import { randomBytes } from 'node:crypto';
import { createClient, type Client } from '@driftbox/api-client';
import type { UserId } from '@driftbox/domain';
import { routes, type Drive } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { hostTransport } from '../src/api-user.ts';
import type { AddedTenant } from '../src/register-tenant.ts';
import { worldPassword } from '../src/world.ts';

/** Somebody of the tenant with whom its residents share. */
export type Friend = { readonly userId: UserId; readonly email: string; readonly client: Client };

const friends = new Map<string, Promise<Friend>>();

/** The one friend of everybody in a tenant that is open. */
export function friendIn(address: string, tenant: AddedTenant): Promise<Friend> {
  const key = `${address} ${tenant.tenantId}`;
  const known = friends.get(key) ?? signUp(address, tenant);
  friends.set(key, known);
  return known;
}

async function signUp(address: string, { host }: AddedTenant): Promise<Friend> {
  const email = `friend-${randomBytes(6).toString('hex')}@example.com`;
  const body = { email, password: worldPassword, displayName: 'Friend', device: { name: 'Device', kind: 'other' as const } };
  const transport = hostTransport(address, host);
  const { account, accessToken } = await createClient({ transport }).call(routes.signUp, { body });
  return { userId: account.userId, email, client: createClient({ transport, token: async () => accessToken }) };
}

/** Lets a friend into a drive, as soon as metadata has heard of them. */
export async function letIn(client: Client, drive: Drive, { userId }: Friend): Promise<void> {
  const params = { drive: drive.drive, subject: userId };
  await waitFor(() => client.call(routes.putGrant, { params, body: { role: 'viewer' } }), {
    deadlineMs: 20_000,
    what: 'metadata knowing a friend',
  });
}

/** Has a friend invite somebody to a drive of theirs, as soon as metadata has heard of them; answers the invitation's id. */
export async function beInvited({ client }: Friend, user: UserId): Promise<string> {
  const { drive } = await client.call(routes.createDrive, { body: { name: 'A friend\u2019s' } });
  const { items } = await waitFor(() => client.call(routes.createInvitations, { body: { drive, to: { user } } }), {
    deadlineMs: 20_000,
    what: 'metadata knowing a new person',
  });
  return items[0]!.invitationId;
}
