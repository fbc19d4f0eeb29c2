import { statement } from '@driftbox/postgres';

/**
 * What a drive's journal lacks beyond its horizon, and which entries do not fit it, at one moment. What was purged a year ago, from
 * this drive or from another that it had moved to, may be missing: a gap counts where what stands before it is younger than that.
 */
export const checkDrive = statement({
  name: 'metadata.check-drive',
  text: `WITH d AS (
    SELECT drive_id, owner, root_id, seq, horizon_seq, created_at FROM drives WHERE tenant = $1 AND drive_id = $2
  ), points AS (
    SELECT horizon_seq AS seq, created_at AS made_at FROM d
    UNION ALL
    SELECT c.seq, coalesce(c.made_at, r.made_at) FROM d JOIN changes c ON c.tenant = $1 AND c.drive_id = $2 AND c.seq > d.horizon_seq
      LEFT JOIN revisions r ON r.tenant = $1 AND r.entry_id = c.entry_id AND r.rev = c.rev
  ), steps AS (
    SELECT p.seq, lead(p.seq, 1, d.seq + 1) OVER (ORDER BY p.seq) AS next, max(p.made_at) OVER (ORDER BY p.seq) AS known_at
    FROM points p, d
  ), gaps AS (
    SELECT seq, next FROM steps WHERE next <> seq + 1 AND known_at > now() - interval '365 days'
  ), broken AS (
    SELECT count(*) AS entries FROM entries e, d WHERE e.tenant = $1 AND e.drive_id = $2 AND (
      e.seq > d.seq
      OR NOT EXISTS (SELECT 1 FROM revisions r WHERE r.tenant = $1 AND r.entry_id = e.entry_id AND r.rev = e.rev)
      OR e.parent_id <> d.root_id AND NOT EXISTS (SELECT 1 FROM entries p WHERE p.tenant = $1 AND p.entry_id = e.parent_id
        AND p.drive_id = $2 AND p.kind = 1))
  )
  SELECT d.owner, (SELECT coalesce(sum(abs(next - seq - 1)), 0)::bigint FROM gaps) AS missing, (SELECT min(seq) + 1 FROM gaps) AS first_seq,
    broken.entries FROM d, broken`,
});
