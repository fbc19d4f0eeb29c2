import { createClient } from '@driftbox/api-client';
import { expectOk, secretKind, type Secret, type Tenant } from '@driftbox/operator';
import { routes } from '@driftbox/protocol';
import { invitationSecretName, tenantKind } from '@driftbox/resources';
import { waitFor } from '@driftbox/testkit';
import { hostTransport, type ApiUser } from '../src/api-user.ts';
import { worldPassword } from '../src/world.ts';
import type { CellOfTest } from './cell-of-test.ts';
import type { ClusterOfTest } from './cluster-of-test.ts';
import * as said from './said-of.ts';

/** What is said of a tenant, `TYPE=STATUS/REASON` each; nothing where it says it of an older spec, or there is none. */
export function saidOf(cluster: ClusterOfTest, name: string): Promise<readonly string[]> {
  return said.saidOf(cluster, [tenantKind, name]);
}

/** Waits until all of this is said of a tenant, and of its newest spec. */
export async function waitUntilSaid(cluster: ClusterOfTest, name: string, ...wanted: readonly string[]): Promise<Tenant> {
  return (await said.waitUntilSaid(cluster, [tenantKind, name], wanted)) as Tenant;
}

/** Deletes a tenant, and waits until it is gone. */
export async function endTenant(cluster: ClusterOfTest, name: string): Promise<void> {
  await cluster.delete(tenantKind, name);
  await waitFor(async () => (await cluster.get(tenantKind, name)) === undefined, { deadlineMs: 40_000, what: `the end of Tenant ${name}` });
}

/** The invitation of a tenant's first administrator, from its Secret. */
export async function invitationOf(cluster: ClusterOfTest, name: string): Promise<string> {
  const place = { namespace: cluster.namespace, name: invitationSecretName(name) };
  const { data } = expectOk(await cluster.api.get<Secret>(secretKind, place), 'reading the invitation');
  return Buffer.from(data?.['invitation'] ?? '', 'base64').toString('utf8');
}

/** Signs up at a host, invited or not, as `ada@acme.example`. */
export async function signUp(cell: CellOfTest, host: string, invitation?: string): Promise<ApiUser> {
  const transport = hostTransport(cell.address, host);
  const email = 'ada@acme.example';
  const person = { email, password: worldPassword, displayName: 'Ada', device: { name: 'laptop', kind: 'cli' as const } };
  const body = { ...person, ...(invitation === undefined ? {} : { invitation }) };
  const { accessToken } = await createClient({ transport }).call(routes.signUp, { body });
  return userOf(cell, host, email, accessToken);
}

/** Signs the same person in again. */
export async function signIn(cell: CellOfTest, host: string): Promise<ApiUser> {
  const transport = hostTransport(cell.address, host);
  const email = 'ada@acme.example';
  const body = { email, password: worldPassword, device: { name: 'laptop', kind: 'cli' as const } };
  const { accessToken } = await createClient({ transport }).call(routes.logIn, { body });
  return userOf(cell, host, email, accessToken);
}

async function userOf(cell: CellOfTest, host: string, email: string, accessToken: string): Promise<ApiUser> {
  const client = createClient({ transport: hostTransport(cell.address, host), token: async () => accessToken });
  const [drive] = (await client.call(routes.listDrives)).items;
  if (drive === undefined) throw new Error('a new user has no home drive');
  return { email, client, accessToken, drive };
}
