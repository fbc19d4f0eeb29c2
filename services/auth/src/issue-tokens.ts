import type { DeviceId, SessionId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import type { SignedIn } from '@driftbox/protocol';
import { hashSecret, newSecret, signAccessToken } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { presentAccount } from './present-account.ts';
import { insertRefreshToken } from './store/insert-refresh-token.ts';
import type { UserRow } from './store/user-row.ts';

/** Where a pair of tokens belongs; `parentHash` is the refresh token that it replaces. */
export type TokenPlace = { readonly sessionId: SessionId; readonly deviceId: DeviceId; readonly parentHash?: Buffer };

/** Signs an access token for the life that access tokens have; answers it with its end in ms. */
export async function issueAccessToken(
  context: Context,
  user: UserRow,
  place: { sessionId: SessionId; deviceId: DeviceId | undefined },
  scope: 'read' | 'write',
): Promise<{ accessToken: string; expiresMs: number }> {
  const nowMs = context.nowMs();
  const expiresMs = nowMs + context.lifetimes.accessMs;
  const { keyId, key } = context.keys.signer();
  const claims = { sub: user.userId, tid: user.tenantId, did: place.deviceId, sid: place.sessionId, role: user.role, scope };
  return { accessToken: await signAccessToken(key, keyId, claims, nowMs, expiresMs), expiresMs };
}

/** A new pair of tokens; the refresh token's hash is written in `tx`, the token itself nowhere. */
export async function issueTokens(context: Context, tx: Transaction, user: UserRow, place: TokenPlace): Promise<SignedIn> {
  const refreshExpiresMs = context.nowMs() + context.lifetimes.refreshMs;
  const refreshToken = newSecret();
  insertRefreshToken(tx, hashSecret(refreshToken), place.sessionId, place.parentHash, refreshExpiresMs);
  const { accessToken, expiresMs } = await issueAccessToken(context, user, place, 'write');
  return {
    accessToken,
    expiresAt: new Date(expiresMs).toISOString(),
    refreshToken,
    refreshExpiresAt: new Date(refreshExpiresMs).toISOString(),
    deviceId: place.deviceId,
    account: presentAccount(user),
  };
}
