import { statement } from '@driftbox/postgres';

/** A group with how many are in it. */
export type GroupRow = { readonly group_id: string; readonly name: string; readonly created_at: number; readonly members: number };

const shown = `SELECT p.group_id, p.name, p.created_at,
    (SELECT count(*) FROM group_members m WHERE m.tenant = $1 AND m.group_id = p.group_id) AS members FROM groups p WHERE p.tenant = $1`;

/** A tenant's groups by name, after a name and a group. */
export const listGroups = statement({
  name: 'metadata.list-groups',
  text: `${shown} AND ($2::text IS NULL OR (p.name COLLATE "C", p.group_id) > ($2, $3::uuid))
  ORDER BY p.name COLLATE "C", p.group_id LIMIT $4`,
});

export const readGroup = statement({ name: 'metadata.read-group', text: `${shown} AND p.group_id = $2` });

/** Holds a group until the transaction ends: who changes it takes turns. */
export const lockGroup = statement({
  name: 'metadata.lock-group',
  text: 'SELECT group_id FROM groups WHERE tenant = $1 AND group_id = $2 FOR UPDATE',
});

/** No row once the tenant has `$4` groups. */
export const insertGroup = statement({
  name: 'metadata.insert-group',
  text: `INSERT INTO groups (tenant, group_id, name) SELECT $1, $2, $3
  WHERE (SELECT count(*) FROM groups WHERE tenant = $1) < $4 RETURNING group_id`,
});

export const renameGroup = statement({
  name: 'metadata.rename-group',
  text: 'UPDATE groups SET name = $3 WHERE tenant = $1 AND group_id = $2',
});

/** Ends a group with its members and roles; answers the drives that it had a role on. */
export const deleteGroup = statement({
  name: 'metadata.delete-group',
  text: `WITH ended AS (DELETE FROM groups WHERE tenant = $1 AND group_id = $2),
    entries_left AS (DELETE FROM entry_grants WHERE tenant = $1 AND subject = $2)
  DELETE FROM grants WHERE tenant = $1 AND subject = $2 RETURNING drive_id`,
});

/** The drives that a group has a role on. */
export const listGroupDrives = statement({
  name: 'metadata.list-group-drives',
  text: 'SELECT drive_id FROM grants WHERE tenant = $1 AND subject = $2',
});
