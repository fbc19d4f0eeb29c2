import type { TenantId } from '@driftbox/domain';
import { emailField } from '@driftbox/protocol';
import { authorizationCodeGrant, type Configuration, fetchUserInfo } from 'openid-client';
import type { Context } from '../context.ts';
import type { IssuerRow } from '../store/issuer-row.ts';
import type { ProvenPerson } from '../store/use-issuer-proof.ts';
import type { SignInState } from './sign-in-state.ts';

/** What an issuer sends a browser back with. */
export type IssuerAnswer = {
  readonly code?: string | undefined;
  readonly state: string;
  readonly iss?: string | undefined;
  readonly error?: string | undefined;
};

type Asked = { readonly kind: 'proven'; readonly person: ProvenPerson } | { readonly kind: 'refused'; readonly why: string };
type Claims = Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string };

/** Whether somebody of these claims may come in where only some hosted domains may. */
export function isOfDomains(domains: readonly string[] | null, claims: Readonly<Record<string, unknown>>): boolean {
  return domains === null || (typeof claims['hd'] === 'string' && domains.includes(claims['hd'].toLowerCase()));
}

/** What we take of an issuer's claims. An address counts as verified only where the claim says `true`, and belongs to it. */
export function personOf(claims: Claims): ProvenPerson {
  const { iss, sub, email, email_verified: verified, name } = claims;
  const parsed = emailField.safeParse(email);
  const displayName = typeof name === 'string' ? name.trim().slice(0, 100) : '';
  return {
    issuer: iss,
    subject: sub,
    email: parsed.success ? parsed.data : null,
    emailVerified: parsed.success && verified === true,
    displayName: displayName === '' ? null : displayName,
  };
}

/** Code, nonce, state, audience, signature and times are checked by the library; without an id token nothing is proven. */
async function claimsOf(configuration: Configuration, kept: SignInState, answer: IssuerAnswer): Promise<Claims> {
  const url = new URL(kept.callbackUrl);
  for (const name of ['code', 'state', 'iss'] as const) if (answer[name] !== undefined) url.searchParams.set(name, answer[name]);
  const tokens = await authorizationCodeGrant(configuration, url, {
    pkceCodeVerifier: kept.codeVerifier,
    expectedState: kept.state,
    expectedNonce: kept.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('there is no id token');
  // Many providers give the address only to who asks for it (OpenID Connect Core, section 5.4).
  if (claims['email'] !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
  return { ...(await fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
}

/** Asks the issuer whom its answer proves. What went wrong is logged, and not told. */
export async function askIssuer(
  context: Context,
  tenantId: TenantId,
  row: IssuerRow,
  kept: SignInState,
  answer: IssuerAnswer,
): Promise<Asked> {
  let claims: Claims;
  try {
    claims = await claimsOf(await context.issuers.open(tenantId, row), kept, answer);
  } catch (error) {
    context.log.warn({ err: error, tenantId, issuer: row.issuer }, 'an issuer did not confirm a sign-in');
    return { kind: 'refused', why: 'The issuer did not confirm who you are' };
  }
  if (!isOfDomains(row.domains, claims)) return { kind: 'refused', why: 'Only people of certain domains sign in here' };
  return { kind: 'proven', person: personOf(claims) };
}
