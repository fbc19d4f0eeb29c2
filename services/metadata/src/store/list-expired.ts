import { statement } from '@driftbox/postgres';

/** Tenants in order of their ids, after one. */
export const listTenants = statement({ name: 'metadata.list-tenants', text: 'SELECT tenant FROM tenants_after($1, $2)' });

/** What has lain in the trash longer than the tenant wants, a few at a time, with the drive's owner. */
export const listExpiredTrash = statement({
  name: 'metadata.list-expired-trash',
  text: `SELECT e.entry_id, e.drive_id, d.owner, d.epoch FROM tenants t JOIN drives d ON d.tenant = $1 AND NOT d.locked
  JOIN entries e ON e.tenant = $1 AND e.drive_id = d.drive_id AND e.trashed_seq IS NOT NULL
    AND e.trashed_at < now() - make_interval(days => t.trash_days)
  WHERE t.tenant = $1 ORDER BY e.drive_id, e.trashed_seq LIMIT $2`,
});

/** Entries with revisions that were replaced longer ago than the tenant wants history. */
export const listExpiredHistory = statement({
  name: 'metadata.list-expired-history',
  text: `SELECT DISTINCT n.drive_id, n.entry_id FROM (
    SELECT n.drive_id, n.entry_id FROM tenants t JOIN revisions n ON n.tenant = $1 AND n.rev > 1
      AND n.made_at < now() - make_interval(days => t.history_days)
    WHERE t.tenant = $1 AND EXISTS (SELECT 1 FROM revisions p WHERE p.tenant = $1 AND p.entry_id = n.entry_id
      AND p.rev = n.rev - 1) LIMIT $2
  ) n`,
});
