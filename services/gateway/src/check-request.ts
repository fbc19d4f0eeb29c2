import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Identity } from '@driftbox/service-kit';
import type { Context, TenantLimits } from './context.ts';
import { refuse, type Verdict } from './verdict.ts';

/** What NGINX tells of a request. */
export type Asked = {
  /** Host name as NGINX understood it: lower case, without port. */
  readonly host: string;
  readonly authorization: string | undefined;
  readonly address: string;
};

/**
 * May this request go on to its service? Its token must be signed by auth, unexpired, not revoked, and of the host's
 * tenant, which is not suspended; tenant and user must not call more often than they may. Never throws: what cannot be
 * found out refuses as `unavailable`. Only unknown rates admit: then the defaults of `Context` hold, because a limit protects less than an
 * outage costs.
 */
export async function checkRequest(context: Context, asked: Asked): Promise<Verdict> {
  try {
    await context.warmUp();
    const tenantId = await context.tenantOfHost(asked.host);
    if (tenantId === undefined) return refuse('not_found');
    return await checkCaller(context, asked, tenantId);
  } catch (error) {
    if (error instanceof Problem && (error.code === 'unauthenticated' || error.code === 'tenant_suspended'))
      return refuse(error.code, undefined, error);
    return refuse('unavailable', 1, error);
  }
}

async function checkCaller(context: Context, { authorization, address }: Asked, tenantId: TenantId): Promise<Verdict> {
  const basic = /^basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  const exchanged = basic === undefined ? undefined : `Bearer ${await context.passwords.tokenFor(basic, tenantId, address)}`;
  const credentials = { authorization: exchanged ?? authorization, hostTenantId: tenantId, address };
  const { actor }: Identity = await context.authenticator.authenticate('user', credentials);
  if (actor === undefined) return refuse('unauthenticated');
  const limits = await limitsOf(context, tenantId);
  if (limits.suspended) return refuse('tenant_suspended');
  // The braces keep a tenant's keys on one server of a Redis cluster.
  const claims = [
    { key: `{${tenantId}}:${actor.userId}`, rate: limits.userRequests },
    { key: `{${tenantId}}`, rate: limits.tenantRequests },
  ];
  const waitMs = await context.count(claims, context.nowMs());
  if (waitMs > 0) return refuse('rate_limited', Math.max(1, Math.ceil(waitMs / 1000)));
  return { kind: 'admitted', tenantId, userId: actor.userId, exchanged };
}

async function limitsOf(context: Context, tenantId: TenantId): Promise<TenantLimits> {
  try {
    return await context.limits.get(tenantId);
  } catch (error) {
    context.metrics.limitsUnknown();
    context.log.warn({ err: error, tenantId }, 'request rates are unknown, the defaults hold');
    return context.defaultLimits;
  }
}
