import { statement, type Transaction } from '@driftbox/postgres';
import { issuerColumns, type IssuerRow } from './issuer-row.ts';

const select = statement({ name: 'auth.find-issuer', text: `SELECT ${issuerColumns} FROM issuers WHERE tenant = $1 AND name = $2` });

/** The tenant's issuer of this name. */
export async function findIssuer(tx: Transaction, name: string): Promise<IssuerRow | undefined> {
  return (await tx.query<IssuerRow>(select, [tx.tenantId, name])).rows[0];
}
