import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { buildAuthorizationUrl, calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import type { Context } from '../context.ts';
import { findIssuer } from '../store/find-issuer.ts';
import { findTenant } from '../store/find-tenant.ts';
import type { SignInState } from './sign-in-state.ts';

type Start = {
  readonly tenantId: TenantId;
  readonly issuer: string;
  readonly callbackUrl: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly state: string;
};

/**
 * Begins a sign-in (OpenID Connect Core, section 3.1.2.1, with PKCE, RFC 7636): answers where the browser goes, and what it must
 * keep. Throws `not_found`, `tenant_suspended`, and `unavailable` when the issuer does not answer as one.
 */
export async function startSignIn(context: Context, ask: Start): Promise<{ location: string; kept: SignInState }> {
  const { tenantId } = ask;
  const row = await context.database.transaction(
    tenantId,
    async (tx) => {
      if ((await findTenant(tx, tenantId))?.suspended === true) throw new Problem('tenant_suspended');
      return findIssuer(tx, ask.issuer);
    },
    { readOnly: true },
  );
  if (row === undefined) throw new Problem('not_found', 'The tenant has no issuer of this name');
  const configuration = await context.issuers.open(tenantId, row).catch((error: unknown) => {
    context.log.warn({ err: error, tenantId, issuer: row.issuer }, 'an issuer does not answer');
    throw new Problem('unavailable', 'The issuer does not answer, or not as an OpenID provider', { cause: error });
  });
  const kept: SignInState = {
    tenantId,
    issuer: row.name,
    state: randomState(),
    nonce: randomNonce(),
    codeVerifier: randomPKCECodeVerifier(),
    callbackUrl: ask.callbackUrl,
    redirectUri: ask.redirectUri,
    codeChallenge: ask.codeChallenge,
    clientState: ask.state,
    expiresMs: context.nowMs() + context.lifetimes.issuerSignInMs,
  };
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: ask.callbackUrl,
    scope: 'openid email profile',
    state: kept.state,
    nonce: kept.nonce,
    code_challenge: await calculatePKCECodeChallenge(kept.codeVerifier),
    code_challenge_method: 'S256',
    ...(row.domains?.length === 1 ? { hd: row.domains.join('') } : {}),
  });
  return { location: url.href, kept };
}
