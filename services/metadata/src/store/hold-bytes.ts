import { statement } from '@driftbox/postgres';

/** What a holder has, and may have. */
export type HoldingRow = {
  readonly is_tenant: boolean;
  readonly held_bytes: number;
  readonly limit_bytes: number;
  /** The last warning, in percent. */
  readonly warned: number;
  /** Files are counted for the tenant alone. */
  readonly held_files: number;
  readonly limit_files: number;
};

/** Locks what the tenant and one of its users hold, the tenant first; both come to be when first asked for. */
export const lockHoldings = statement({
  name: 'metadata.lock-holdings',
  text: `WITH touched AS (
    INSERT INTO holdings AS h (tenant, holder_id) VALUES ($1, $1), ($1, $2) ON CONFLICT (tenant, holder_id) DO UPDATE
      SET held_bytes = h.held_bytes
    RETURNING holder_id, held_bytes, held_files, warned
  )
  SELECT holder_id = $1 AS is_tenant, held_bytes, held_files, warned,
    coalesce((SELECT files FROM tenants WHERE tenant = $1), 9007199254740991) AS limit_files,
    coalesce((SELECT limit_bytes FROM users WHERE tenant = $1 AND user_id = touched.holder_id),
      (SELECT CASE WHEN touched.holder_id = $1 THEN logical_bytes ELSE user_bytes END FROM tenants WHERE tenant = $1),
      9007199254740991) AS limit_bytes
  FROM touched`,
});

/** Adds bytes (negative: takes) to what the tenant and the user hold, and files to what the tenant does. */
export const addHolding = statement({
  name: 'metadata.add-holding',
  text: `UPDATE holdings SET held_bytes = held_bytes + $3, held_files = held_files + CASE WHEN holder_id = $1 THEN $4 ELSE 0 END
  WHERE tenant = $1 AND holder_id IN ($1, $2)`,
});

/** Notes how full the tenant ($3) or the user was warned to be. */
export const noteWarned = statement({
  name: 'metadata.note-warned',
  text: 'UPDATE holdings SET warned = $4 WHERE tenant = $1 AND holder_id = CASE WHEN $3 THEN $1 ELSE $2 END',
});

/** Takes unused allowances back from every other drive that nobody is committing to. The tenant's holding is locked. */
export const reclaimAllowances = statement({
  name: 'metadata.reclaim-allowances',
  text: `WITH idle AS (
    SELECT drive_id, owner, allowance_bytes, allowance_files FROM drives WHERE tenant = $1 AND drive_id <> $2
      AND (allowance_bytes > 0 OR allowance_files > 0)
    ORDER BY drive_id LIMIT 1000 FOR UPDATE SKIP LOCKED
  ), returned AS (
    UPDATE drives SET allowance_bytes = 0, allowance_files = 0 WHERE tenant = $1 AND drive_id IN (SELECT drive_id FROM idle)
  ), sums AS (
    SELECT owner AS holder_id, sum(allowance_bytes) AS bytes, 0 AS files FROM idle GROUP BY owner
    UNION ALL SELECT $1, sum(allowance_bytes), sum(allowance_files) FROM idle HAVING count(*) > 0
  )
  UPDATE holdings h SET held_bytes = h.held_bytes - s.bytes, held_files = h.held_files - s.files
  FROM sums s WHERE h.tenant = $1 AND h.holder_id = s.holder_id`,
});
