import type { TenantId } from '@driftbox/domain';
import { uniqueViolation } from '@driftbox/postgres';
import { hashSecret, newSecret } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { findIssuer } from '../store/find-issuer.ts';
import { insertAudit } from '../store/insert-audit.ts';
import { insertIssuerProof } from '../store/insert-issuer-proof.ts';
import type { IssuerRow } from '../store/issuer-row.ts';
import type { ProvenPerson } from '../store/use-issuer-proof.ts';
import { askIssuer, type IssuerAnswer } from './ask-issuer.ts';
import type { SignInState } from './sign-in-state.ts';

type Finish = { readonly tenantId: TenantId; readonly kept: SignInState; readonly answer: IssuerAnswer; readonly address: string };

/** What the client is told in its address (RFC 6749, section 4.1.2.1). */
type Outcome = { readonly code: string } | { readonly error: 'access_denied' | 'temporarily_unavailable'; readonly why: string };

const refused = { error: 'access_denied', why: 'The issuer did not confirm who you are' } as const;

async function prove(context: Context, { tenantId, kept }: Finish, person: ProvenPerson): Promise<Outcome> {
  const code = newSecret();
  const place = {
    stateHash: hashSecret(kept.state),
    codeHash: hashSecret(code),
    codeChallenge: kept.codeChallenge,
    expiresMs: context.nowMs() + context.lifetimes.issuerSignInMs,
  };
  try {
    await context.database.transaction(tenantId, (tx) => insertIssuerProof(tx, place, person));
    return { code };
  } catch (error) {
    if (uniqueViolation(error) === 'issuer_proofs_pkey') return refused;
    throw error;
  }
}

async function decide(context: Context, ask: Finish): Promise<Outcome> {
  const { tenantId, kept, answer } = ask;
  if (answer.error !== undefined) return { error: 'access_denied', why: 'The sign-in was given up at the issuer' };
  const row: IssuerRow | undefined = await context.database.transaction(tenantId, (tx) => findIssuer(tx, kept.issuer), { readOnly: true });
  if (row === undefined) return { error: 'access_denied', why: 'People no longer sign in by this issuer' };
  const found = await askIssuer(context, tenantId, row, kept, answer);
  return found.kind === 'proven' ? prove(context, ask, found.person) : { error: 'access_denied', why: found.why };
}

/**
 * Ends what `startSignIn` began: exchanges the issuer's code for an id token, checks it, and keeps whom it proves for the client.
 * Answers the client's address, with a code that works once or with an error; one answer of the issuer is taken once.
 */
export async function finishSignIn(context: Context, ask: Finish): Promise<string> {
  const { tenantId, kept, address } = ask;
  const outcome = await decide(context, ask);
  if ('error' in outcome) {
    context.metrics.issuerSignIns.inc({ outcome: 'refused' });
    await context.database.transaction(tenantId, async (tx) => insertAudit(tx, { outcome: 'issuer-refused', address }, context.nowMs()));
  }
  const url = new URL(kept.redirectUri);
  url.searchParams.set('state', kept.clientState);
  if ('code' in outcome) url.searchParams.set('code', outcome.code);
  else {
    url.searchParams.set('error', outcome.error);
    url.searchParams.set('error_description', outcome.why);
  }
  return url.href;
}
