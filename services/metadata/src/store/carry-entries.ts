import { statement } from '@driftbox/postgres';

/**
 * Makes entries ($4) and their revisions another drive's ($3): all of them arrive there with its change `$6`, those in the
 * trash with that mark. Which change (`$5`) took them from the drive `$2` is kept with that drive, unless it ends (null); what
 * the other drive remembered of them as gone is forgotten.
 */
export const carryEntries = statement({
  name: 'metadata.carry-entries',
  text: `WITH carried AS (
    UPDATE entries SET drive_id = $3, seq = $6, trashed_seq = CASE WHEN trashed_seq IS NOT NULL THEN $6::bigint END
    WHERE tenant = $1 AND drive_id = $2 AND entry_id = ANY ($4::uuid[])
  ), history AS (
    UPDATE revisions SET drive_id = $3, seq = $6 WHERE tenant = $1 AND drive_id = $2 AND entry_id = ANY ($4::uuid[])
  ), returned AS (
    DELETE FROM departures WHERE tenant = $1 AND drive_id = $3 AND entry_id = ANY ($4::uuid[])
  )
  INSERT INTO departures (tenant, drive_id, entry_id, seq, target_drive, target_seq) SELECT $1, $2, e.entry_id, $5, $3, $6
  FROM unnest($4::uuid[]) AS e (entry_id) WHERE $5::bigint IS NOT NULL`,
});

/** Where the entry that was moved itself had stood, and since which change: sent ahead of `carryEntries`, which makes its row. */
export const readSince = statement({
  name: 'metadata.read-since',
  text: `SELECT min(r.seq) AS since FROM entries e JOIN revisions r ON r.tenant = $1 AND r.entry_id = e.entry_id AND r.rev >= e.place_rev
  WHERE e.tenant = $1 AND e.drive_id = $2 AND e.entry_id = $3`,
});

/** Keeps the old place of the entry that was moved itself. */
export const keepPlace = statement({
  name: 'metadata.keep-place',
  text: `UPDATE departures SET parent_id = $4, name = $5, since_seq = $6 WHERE tenant = $1 AND drive_id = $2 AND entry_id = $3`,
});

/** Takes the row of a folder that has become a drive's root: as one it is no entry. */
export const dropFolder = statement({
  name: 'metadata.drop-folder',
  text: 'DELETE FROM entries WHERE tenant = $1 AND drive_id = $2 AND entry_id = $3',
});
