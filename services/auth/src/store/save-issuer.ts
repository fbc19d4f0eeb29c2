import { statement, type Transaction } from '@driftbox/postgres';
import { issuerColumns, type IssuerRow } from './issuer-row.ts';

const upsert = statement({
  name: 'auth.save-issuer',
  text: `INSERT INTO issuers (tenant, name, display_name, issuer, client_id, sealed_secret, domains, managed, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7::text[], $8, $9)
         ON CONFLICT (tenant, name) DO UPDATE SET display_name = excluded.display_name, issuer = excluded.issuer,
           client_id = excluded.client_id, domains = excluded.domains, managed = excluded.managed, updated_at = excluded.updated_at,
           sealed_secret = CASE WHEN excluded.sealed_secret IS NULL AND (issuers.issuer, issuers.client_id, issuers.managed) =
             (excluded.issuer, excluded.client_id, excluded.managed) THEN issuers.sealed_secret ELSE excluded.sealed_secret END
         RETURNING ${issuerColumns}`,
});

/**
 * Makes the issuer or brings it to this state. Without a secret the one that is kept stays, but only for the same client at the
 * same issuer: whoever could change the address alone would have it sent to themselves.
 */
export async function saveIssuer(tx: Transaction, row: IssuerRow): Promise<IssuerRow> {
  const { name, displayName, issuer, clientId, sealedSecret, domains, managed, updatedMs } = row;
  const values = [tx.tenantId, name, displayName, issuer, clientId, sealedSecret, domains, managed, new Date(updatedMs)];
  return (await tx.query<IssuerRow>(upsert, values)).rows[0] ?? row;
}
