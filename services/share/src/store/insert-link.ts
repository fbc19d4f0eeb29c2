import { statement, type Transaction } from '@driftbox/postgres';
import type { LinkRow } from './link-row.ts';

// Links that have ended by their time count no more: they only wait for their creator, or for the sweep.
const insert = statement({
  name: 'share.insert-link',
  text: `INSERT INTO links (tenant, link_id, token_hash, drive_id, entry_id, kind, role, creator, password_hash, expires_at,
    max_downloads, notify_on_use, created_at)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
    WHERE (SELECT count(*) FROM links WHERE tenant = $1 AND (expires_at IS NULL OR expires_at > $13)) < $14
  RETURNING 1`,
});
const hold = statement({ name: 'share.hold-links', text: `SELECT pg_advisory_xact_lock(hashtextextended('links ' || $1::uuid, 0))` });

/** Answers false when the tenant has `maximum` links already. Those who make links of one tenant take turns. */
export async function insertLink(tx: Transaction, link: LinkRow, maximum: number): Promise<boolean> {
  tx.defer(hold, [tx.tenantId]);
  const { rows } = await tx.query(insert, [
    tx.tenantId,
    link.linkId,
    link.tokenHash,
    link.drive,
    link.entryId,
    link.kind,
    link.role,
    link.creator,
    link.passwordHash,
    link.expiresMs === null ? null : new Date(link.expiresMs),
    link.maxDownloads,
    link.notifyOnUse,
    new Date(link.createdMs),
    maximum,
  ]);
  return rows.length > 0;
}
