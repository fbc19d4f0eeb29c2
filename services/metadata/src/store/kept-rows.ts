import type { TenantRows } from '@driftbox/postgres';

/** What backups keep of a tenant here. Uploads, reservations, and what the brake counted end with a restore: they are of the moment. */
export const keptRows: TenantRows = {
  tables: [
    { name: 'users', order: 'user_id' },
    { name: 'removals', order: 'user_id' },
    { name: 'groups', order: 'group_id' },
    { name: 'group_members', order: 'group_id, user_id' },
    // A drive that comes back has a new epoch: its seq may run over numbers again that clients have seen other changes under.
    {
      name: 'drives',
      order: 'drive_id',
      without: ['allowance_bytes', 'allowance_files'],
      restored: `jsonb_build_object('epoch', gen_random_uuid())`,
    },
    { name: 'grants', order: 'drive_id, subject' },
    { name: 'lists', order: 'list_id' },
    { name: 'list_members', order: 'digest, list_id' },
    { name: 'entries', order: 'entry_id' },
    { name: 'entry_tags', order: 'entry_id, tag_key' },
    { name: 'entry_grants', order: 'entry_id, subject' },
    { name: 'revisions', order: 'entry_id, rev' },
    { name: 'changes', order: 'drive_id, seq' },
    { name: 'tombstones', order: 'entry_id' },
    { name: 'departures', order: 'entry_id, drive_id' },
  ],
  contents: `SELECT encode(digest, 'hex') AS line FROM (
    SELECT list_id AS digest FROM revisions WHERE list_form = 0 AND list_id IS NOT NULL
    UNION
    SELECT m.digest FROM list_members m JOIN lists l ON l.tenant = m.tenant AND l.list_id = m.list_id AND l.form IN (1, 3)
  ) named ORDER BY digest`,
  derive: [
    `INSERT INTO holdings (tenant, holder_id, held_bytes, held_files)
      SELECT $1::uuid, holder, sum(bytes), sum(files) FROM (
        SELECT owner AS holder, current_bytes + history_bytes + trash_bytes AS bytes, 0 AS files FROM drives WHERE tenant = $1::uuid
        UNION ALL
        SELECT $1::uuid, current_bytes + history_bytes + trash_bytes, current_files + trash_files FROM drives WHERE tenant = $1::uuid
      ) lines GROUP BY holder
      ON CONFLICT (tenant, holder_id) DO UPDATE SET held_bytes = excluded.held_bytes, held_files = excluded.held_files`,
  ],
  emptied: ['reservations', 'provisional_lists', 'device_activity', 'brakes', 'commits', 'holdings'],
  left: ['tenants'],
};
