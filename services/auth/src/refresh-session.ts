import type { TenantId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem, type SignedIn } from '@driftbox/protocol';
import { hashSecret } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { endSessions } from './end-sessions.ts';
import { issueTokens } from './issue-tokens.ts';
import { findTenant } from './store/find-tenant.ts';
import { findUser } from './store/find-user.ts';
import { insertAudit } from './store/insert-audit.ts';
import { lockRefreshToken, type TokenRow } from './store/lock-refresh-token.ts';
import { touchSession } from './store/touch-session.ts';
import { useRefreshToken } from './store/use-refresh-token.ts';

/**
 * What to do with a refresh token. One that was used already ends its session: two parties hold it, and nobody can say
 * which is the thief. The exception is the repetition of an exchange none of whose answers has been used: that answer was lost
 * on its way, or with the process or the sleep of the device that had asked. It gets another pair; whichever pair is used
 * first ends the other. One that was not exchanged itself, and lost to another answer of the same exchange, is no such token.
 */
export function judgeToken(
  token: Pick<TokenRow, 'endedMs' | 'expiresMs' | 'usedMs' | 'exchanged' | 'successorUsed'>,
  nowMs: number,
): 'exchange' | 'refuse' | 'end-session' {
  if (token.endedMs !== null || token.expiresMs <= nowMs) return 'refuse';
  if (token.usedMs === null) return 'exchange';
  return token.exchanged && !token.successorUsed ? 'exchange' : 'end-session';
}

async function exchange(
  context: Context,
  tx: Transaction,
  tenantId: TenantId,
  token: TokenRow,
  tokenHash: Buffer,
): Promise<SignedIn | undefined> {
  const [user, tenant] = await Promise.all([findUser(tx, token.userId), findTenant(tx, tenantId)]);
  // The token stays as it is: it is exchanged once the tenant is resumed.
  if (tenant?.suspended === true) throw new Problem('tenant_suspended');
  if (user?.status !== 'active' || tenant === undefined) return undefined;
  const nowMs = context.nowMs();
  useRefreshToken(tx, tokenHash, token.parentHash, nowMs);
  touchSession(tx, token.sessionId, token.deviceId, nowMs, nowMs + context.lifetimes.refreshMs);
  return issueTokens(context, tx, user, { sessionId: token.sessionId, deviceId: token.deviceId, parentHash: tokenHash });
}

async function endFamily(context: Context, tx: Transaction, token: TokenRow, address: string): Promise<void> {
  const { userId, deviceId, sessionId } = token;
  await endSessions(tx, userId, { sessionId }, 'token-reused', context.nowMs());
  insertAudit(tx, { outcome: 'token-reused', address, userId, deviceId }, context.nowMs());
  tx.afterCommit(() => context.log.warn({ userId, sessionId }, 'a refresh token was used twice'));
}

/**
 * Exchanges a refresh token for a new pair. Throws `unauthenticated`, or `tenant_suspended`; exchanges of one session at once
 * take turns.
 */
export async function refreshSession(context: Context, tenantId: TenantId, refreshToken: string, address: string): Promise<SignedIn> {
  const tokenHash = hashSecret(refreshToken);
  const answer = await context.database.transaction(tenantId, async (tx) => {
    const token = await lockRefreshToken(tx, tokenHash);
    if (token === undefined) return undefined;
    const verdict = judgeToken(token, context.nowMs());
    if (verdict === 'exchange') return exchange(context, tx, tenantId, token, tokenHash);
    if (verdict === 'end-session') await endFamily(context, tx, token, address);
    return undefined;
  });
  if (answer !== undefined) return answer;
  await context.revocations.poll();
  throw new Problem('unauthenticated', 'The refresh token is not valid, or no longer');
}
