import type { DeviceId, UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

/** What happened at the door. */
export type AuditOutcome =
  | 'signed-up'
  | 'signed-in'
  | 'refused'
  | 'throttled'
  | 'token-reused'
  | 'password-changed'
  | 'reset-asked'
  | 'password-reset'
  | 'identity-linked'
  | 'identity-removed'
  | 'issuer-refused'
  | 'standing-changed'
  | 'signed-out'
  | 'removed';
/** One line of the audit: what happened, from which address, and of whom as far as that is known. */
export type AuditLine = {
  readonly outcome: AuditOutcome;
  readonly address: string;
  readonly email?: string | undefined;
  readonly userId?: UserId | undefined;
  readonly deviceId?: DeviceId | undefined;
};

const insert = statement({
  name: 'auth.insert-audit',
  text: 'INSERT INTO login_audit (tenant, at, outcome, email, user_id, device_id, address) VALUES ($1, $2, $3, $4, $5, $6, $7)',
});

/** Writes it without a round trip of its own; if that fails, so does the transaction. */
export function insertAudit(tx: Transaction, line: AuditLine, nowMs: number): void {
  tx.defer(insert, [
    tx.tenantId,
    new Date(nowMs),
    line.outcome,
    line.email ?? null,
    line.userId ?? null,
    line.deviceId ?? null,
    line.address,
  ]);
}
