import { statement } from '@driftbox/postgres';

/** Makes a drive with its owner's grant; answers no row when the owner has that home drive already. */
export const insertDrive = statement({
  name: 'metadata.insert-drive',
  text: `WITH made AS (
    INSERT INTO drives (tenant, drive_id, root_id, kind, owner, name, epoch) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
    RETURNING drive_id, owner
  ), granted AS (
    INSERT INTO grants (tenant, drive_id, subject, role, granted_by) SELECT $1, drive_id, owner, 'owner', owner FROM made
  ) SELECT drive_id FROM made`,
});
