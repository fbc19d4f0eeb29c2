import { statement } from '@driftbox/postgres';

/** The drives of a tenant, a page in order of their ids. */
export const listDriveIds = statement({
  name: 'metadata.list-drive-ids',
  text: 'SELECT drive_id FROM drives WHERE tenant = $1 AND ($2::uuid IS NULL OR drive_id > $2) ORDER BY drive_id LIMIT $3',
});

/**
 * How far a drive's lines are from its rows at one moment, in bytes and in files: what entries show now against current and
 * trash, and what revisions were charged beyond that against history.
 */
export const measureDrive = statement({
  name: 'metadata.measure-drive',
  text: `WITH newest AS (
    SELECT count(*) AS files, coalesce(sum(size_bytes), 0)::bigint AS bytes FROM entries WHERE tenant = $1 AND drive_id = $2 AND kind = 0
  ), charged AS (
    SELECT coalesce(sum(r.size_bytes), 0)::bigint AS bytes FROM entries e
    JOIN revisions r ON r.tenant = $1 AND r.entry_id = e.entry_id AND r.kind = 0 AND r.charged
    WHERE e.tenant = $1 AND e.drive_id = $2 AND e.kind = 0
  )
  SELECT abs(d.current_bytes + d.trash_bytes - newest.bytes) + abs(d.history_bytes - (charged.bytes - newest.bytes)) AS bytes,
    abs(d.current_files + d.trash_files - newest.files) AS files
  FROM drives d CROSS JOIN newest CROSS JOIN charged WHERE d.tenant = $1 AND d.drive_id = $2`,
});

/** What holders ought to have: lines, allowances and reservations of all drives; files are counted for the tenant alone. */
const countedHoldings = `lines AS (
    SELECT d.owner AS holder_id, d.current_bytes + d.history_bytes + d.trash_bytes + d.allowance_bytes + coalesce((SELECT sum(left_bytes)
      FROM reservations r WHERE r.tenant = $1 AND r.drive_id = d.drive_id), 0) AS bytes,
      d.current_files + d.trash_files + d.allowance_files AS files
    FROM drives d WHERE d.tenant = $1
  ), counted AS (
    SELECT holder_id, sum(bytes) AS bytes, 0 AS files FROM lines GROUP BY holder_id
    UNION ALL SELECT $1, coalesce(sum(bytes), 0), coalesce(sum(files), 0) FROM lines
  )`;

/** How far what holders have is from the lines, allowances and reservations of all drives at one moment, in bytes and in files. */
export const measureHoldings = statement({
  name: 'metadata.measure-holdings',
  text: `WITH ${countedHoldings}, held AS (
    SELECT holder_id, held_bytes, CASE WHEN holder_id = $1 THEN held_files ELSE 0 END AS held_files FROM holdings
    WHERE tenant = $1
  )
  SELECT coalesce(sum(abs(coalesce(h.held_bytes, 0) - coalesce(c.bytes, 0))), 0)::bigint AS bytes,
    coalesce(sum(abs(coalesce(h.held_files, 0) - coalesce(c.files, 0))), 0)::bigint AS files
  FROM held h FULL JOIN counted c ON c.holder_id = h.holder_id`,
});

/** Locks what the tenant holds, as whoever changes holdings does first, and then what each of its people does. */
export const lockAllHoldings = statement({
  name: 'metadata.lock-all-holdings',
  text: 'SELECT 1 FROM holdings WHERE tenant = $1 ORDER BY holder_id <> $1, holder_id FOR UPDATE',
});

/** Brings what holders have to what they ought to. Sent behind `lockAllHoldings`. */
export const repairHoldings = statement({
  name: 'metadata.repair-holdings',
  text: `WITH ${countedHoldings}
  INSERT INTO holdings (tenant, holder_id, held_bytes, held_files)
    SELECT $1, coalesce(h.holder_id, c.holder_id), coalesce(c.bytes, 0), coalesce(c.files, 0)
    FROM (SELECT holder_id FROM holdings WHERE tenant = $1) h FULL JOIN counted c ON c.holder_id = h.holder_id
  ON CONFLICT (tenant, holder_id) DO UPDATE SET held_bytes = excluded.held_bytes, held_files = excluded.held_files`,
});
