import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Actor, Authenticator } from '@driftbox/service-kit';

/** A signed-in user, and until when their token proves it. */
export type Proof = { readonly token: string; readonly tenantId: TenantId; readonly actor: Actor; readonly untilMs: number };

/** What a token is held against. */
export type Claimed = { readonly token: string; readonly hostTenantId: TenantId | undefined; readonly address: string };

/** Proves who bears a token. Throws `unauthenticated` for what does not prove a user. */
export async function proveUser(authenticator: Authenticator, { token, hostTenantId, address }: Claimed): Promise<Proof> {
  const { tenantId, actor, untilMs } = await authenticator.authenticate('user', {
    authorization: `Bearer ${token}`,
    hostTenantId,
    address,
  });
  if (tenantId === undefined || actor === undefined || untilMs === undefined) throw new Problem('unauthenticated');
  return { token, tenantId, actor, untilMs };
}
