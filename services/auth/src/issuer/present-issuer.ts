import type { IssuerView } from '@driftbox/protocol';
import type { IssuerRow } from '../store/issuer-row.ts';

/** An issuer as the tenant's administrators see it. */
export function presentIssuer({ sealedSecret, displayName, domains, updatedMs, ...row }: IssuerRow): IssuerView {
  return {
    name: row.name,
    issuer: row.issuer,
    clientId: row.clientId,
    managed: row.managed,
    hasSecret: sealedSecret !== null,
    updatedAt: new Date(updatedMs).toISOString(),
    ...(displayName === null ? {} : { displayName }),
    ...(domains === null ? {} : { domains: [...domains] }),
  };
}
