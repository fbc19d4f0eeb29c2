import { statement } from '@driftbox/postgres';

/**
 * Forgets what was replaced before the tenant's history begins, of some entries of a locked drive, and takes it off the
 * ledger. The revision that was the newest then stays; where the bytes it shows were charged to one that goes, they are
 * charged to it from now on, so that what is current is never counted as freed.
 */
export const dropHistory = statement({
  name: 'metadata.drop-history',
  text: `WITH kept AS (
    SELECT r.entry_id, max(r.rev) AS rev FROM tenants t JOIN revisions r ON r.tenant = $1 AND r.drive_id = $2
      AND r.entry_id = ANY ($3::uuid[])
      AND r.made_at < now() - make_interval(days => t.history_days) WHERE t.tenant = $1 GROUP BY r.entry_id
  ), gone AS (
    DELETE FROM revisions r USING kept k WHERE r.tenant = $1 AND r.entry_id = k.entry_id
      AND r.rev < k.rev RETURNING r.entry_id, r.charged, r.size_bytes
  ), heirs AS (
    UPDATE revisions r SET charged = true FROM kept k WHERE r.tenant = $1 AND r.entry_id = k.entry_id AND r.rev = k.rev
      AND r.kind = 0 AND NOT r.charged
      AND r.entry_id IN (SELECT entry_id FROM gone) RETURNING r.size_bytes
  ), freed AS (
    SELECT (SELECT count(*) FROM gone WHERE charged) - (SELECT count(*) FROM heirs) AS contents,
      coalesce((SELECT sum(size_bytes) FROM gone WHERE charged), 0) - coalesce((SELECT sum(size_bytes) FROM heirs), 0) AS bytes
  )
  UPDATE drives SET history_files = history_files - freed.contents, history_bytes = history_bytes - freed.bytes,
    allowance_bytes = allowance_bytes + freed.bytes FROM freed WHERE tenant = $1 AND drive_id = $2 RETURNING freed.contents`,
});
