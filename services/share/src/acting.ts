import type { SessionId, TenantId } from '@driftbox/domain';
import { claimsOf, signServiceToken, type Actor } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import type { LinkRow } from './store/link-row.ts';

/** What every call to another service carries. */
export type Carried = { readonly token: () => Promise<string>; readonly signal: AbortSignal };

/** A call on behalf of a signed-in user. */
export function asUser(
  { serviceKey }: Context,
  { tenantId, actor, signal }: { readonly tenantId: TenantId; readonly actor: Actor; readonly signal: AbortSignal },
): Carried {
  return { token: () => signServiceToken(serviceKey, { caller: 'share', tid: tenantId, act: claimsOf(actor) }), signal };
}

/** A call for whoever holds a link: under its creator's authority, confined to what the link names; the link is the session. */
export function asHolder({ serviceKey }: Context, tenantId: TenantId, link: LinkRow, signal: AbortSignal): Carried {
  const { linkId, drive, entryId: entry, role, creator } = link;
  const act = {
    sub: creator,
    sid: linkId as SessionId,
    role: 'member' as const,
    scope: role === 'viewer' ? ('read' as const) : ('write' as const),
  };
  const claims = { caller: 'share' as const, tid: tenantId, act, link: { linkId, drive, entry, role } };
  return { token: () => signServiceToken(serviceKey, claims), signal };
}
