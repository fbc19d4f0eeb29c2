import type { AnswerOf, Routes } from '@driftbox/protocol';
import type { IdentityRow } from '../store/identity-row.ts';

/** An identity as its user sees it. */
export function presentIdentity({ identityId, issuer, email, linkedMs, lastUsedMs }: IdentityRow): AnswerOf<Routes['linkIdentity']> {
  return {
    identityId,
    issuer,
    linkedAt: new Date(linkedMs).toISOString(),
    ...(email === null ? {} : { email }),
    ...(lastUsedMs === null ? {} : { lastUsedAt: new Date(lastUsedMs).toISOString() }),
  };
}
