import { statement, type Transaction } from '@driftbox/postgres';
import { issuerColumns, type IssuerRow } from './issuer-row.ts';

const select = statement({ name: 'auth.list-issuers', text: `SELECT ${issuerColumns} FROM issuers WHERE tenant = $1 ORDER BY name` });

/** All issuers of the tenant, by name; it has few. */
export async function listIssuers(tx: Transaction): Promise<IssuerRow[]> {
  return (await tx.query<IssuerRow>(select, [tx.tenantId])).rows;
}
