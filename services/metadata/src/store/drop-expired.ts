import { statement } from '@driftbox/postgres';

/** Forgets ids of commits that nobody asks about any more. */
export const dropCommits = statement({
  name: 'metadata.drop-commits',
  text: `DELETE FROM commits WHERE tenant = $1 AND commit_id IN (SELECT commit_id FROM commits WHERE tenant = $1
    AND made_at < now() - interval '7 days' LIMIT $2)`,
});

/** Forgets which upload brought a list, once no commit can use it any more. */
export const dropProvisional = statement({
  name: 'metadata.drop-provisional',
  text: `DELETE FROM provisional_lists WHERE tenant = $1 AND (upload_id, list_id) IN (
    SELECT upload_id, list_id FROM provisional_lists WHERE tenant = $1 AND expires_at < now() ORDER BY expires_at LIMIT $2)`,
});

/** Moves the horizon over tombstones a year old: they go, their writes' answers too, and older cursors are refused. */
export const dropTombstones = statement({
  name: 'metadata.drop-tombstones',
  text: `WITH old AS (
    SELECT entry_id FROM tombstones WHERE tenant = $1 AND made_at < now() - interval '365 days' ORDER BY made_at LIMIT $2
  ), gone AS (
    DELETE FROM tombstones WHERE tenant = $1 AND entry_id IN (SELECT entry_id FROM old) RETURNING entry_id, drive_id, seq
  ), answers AS (
    DELETE FROM changes WHERE tenant = $1 AND entry_id IN (SELECT entry_id FROM gone)
  ), horizons AS (SELECT drive_id, max(seq) AS seq FROM gone GROUP BY drive_id)
  UPDATE drives d SET horizon_seq = greatest(d.horizon_seq, h.seq) FROM horizons h WHERE d.tenant = $1 AND d.drive_id = h.drive_id`,
});

/** Forgets after a year where entries went: whoever still has a cursor from before lists again. */
export const dropDepartures = statement({
  name: 'metadata.drop-departures',
  text: `WITH old AS (
    SELECT entry_id, drive_id FROM departures WHERE tenant = $1 AND made_at < now() - interval '365 days' ORDER BY made_at LIMIT $2
  ), gone AS (
    DELETE FROM departures d USING old o WHERE d.tenant = $1 AND d.entry_id = o.entry_id AND d.drive_id = o.drive_id
    RETURNING d.drive_id, d.seq
  ), horizons AS (SELECT drive_id, max(seq) AS seq FROM gone GROUP BY drive_id)
  UPDATE drives d SET horizon_seq = greatest(d.horizon_seq, h.seq) FROM horizons h WHERE d.tenant = $1 AND d.drive_id = h.drive_id`,
});
