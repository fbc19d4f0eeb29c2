import { statement, type SqlValue, type Statement, type Transaction } from '@driftbox/postgres';

function sweeper(table: string, condition: string): Statement {
  return statement({
    name: `auth.sweep-${table}`,
    text: `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE tenant = $1 AND ${condition} LIMIT $3))`,
  });
}

const expired: readonly Statement[] = [
  sweeper('refresh_tokens', 'expires_at < $2'),
  sweeper('sessions', 'expires_at < $2'),
  sweeper('invitations', 'expires_at < $2'),
  sweeper('mailed_secrets', 'expires_at < $2'),
  sweeper('login_attempts', 'window_ends_at < $2'),
  sweeper('issuer_proofs', 'expires_at < $2'),
];
const audit = sweeper('login_audit', 'at < $2');

/** Deletes at most `limit` rows of each table that ended before `nowMs` (audit: `auditBeforeMs`); answers how many in all. */
export async function sweepTenant(tx: Transaction, nowMs: number, auditBeforeMs: number, limit: number): Promise<number> {
  const values: SqlValue[] = [tx.tenantId, new Date(nowMs), limit];
  const answers = await Promise.all([
    ...expired.map((one) => tx.query(one, values)),
    tx.query(audit, [tx.tenantId, new Date(auditBeforeMs), limit]),
  ]);
  return answers.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0);
}
