import { statement } from '@driftbox/postgres';

/** An entry as links show it. */
export type LinkedRow = {
  readonly entry_id: string;
  readonly parent_id: string;
  readonly kind: number;
  readonly name: string;
  readonly rev: number;
  readonly size_bytes: number | null;
  readonly mtime_ms: number | null;
  readonly modified_at: number;
};

/** A live entry of a drive that is, where `$4` is given, that entry or below it. */
export const readLinked = statement({
  name: 'metadata.read-linked',
  text: `WITH RECURSIVE up AS (
    SELECT entry_id, parent_id, trashed_seq FROM entries WHERE tenant = $1 AND drive_id = $2 AND entry_id = $3
    UNION ALL
    SELECT p.entry_id, p.parent_id, p.trashed_seq FROM up JOIN entries p ON p.tenant = $1 AND p.entry_id = up.parent_id
  )
  SELECT e.entry_id, e.parent_id, e.kind, e.name, e.rev, e.size_bytes, e.mtime_ms, e.modified_at FROM entries e
  WHERE e.tenant = $1 AND e.drive_id = $2 AND e.entry_id = $3
    AND NOT EXISTS (SELECT 1 FROM up WHERE trashed_seq IS NOT NULL)
    AND ($4::uuid IS NULL OR EXISTS (SELECT 1 FROM up WHERE up.entry_id = $4 OR up.parent_id = $4))`,
});

/** What a tenant says of links, and what is known of who makes or made one. */
export type LinkContextRow = {
  readonly policy: unknown;
  readonly most_links: number | null;
  readonly user_name: string | null;
  readonly user_state: string | null;
};

/** No row for a tenant that is not here. */
export const readLinkContext = statement({
  name: 'metadata.read-link-context',
  text: `SELECT t.intent->'linkPolicy' AS policy, (t.intent->'limits'->>'links')::bigint AS most_links, u.name AS user_name,
    u.state AS user_state FROM tenants t LEFT JOIN users u ON u.tenant = $1 AND u.user_id = $2 WHERE t.tenant = $1`,
});
