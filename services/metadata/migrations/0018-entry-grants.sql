-- Roles on single files and folders, for the API alone. They are of the entry: they go where it goes, and end with it. Who holds
-- one on a folder holds it on all below, which is found by walking up: nothing is written when something moves.
CREATE TABLE entry_grants (
  tenant uuid NOT NULL,
  entry_id uuid NOT NULL,
  subject uuid NOT NULL,
  granted_by uuid NOT NULL,
  granted_at timestamptz NOT NULL DEFAULT now(),
  role text NOT NULL CHECK (role IN ('viewer', 'editor', 'manager')),
  PRIMARY KEY (tenant, entry_id, subject),
  FOREIGN KEY (tenant, entry_id) REFERENCES entries (tenant, entry_id) ON DELETE CASCADE
) PARTITION BY HASH (tenant);
SELECT driftbox.partition_by_tenant('entry_grants');
CREATE INDEX entry_grants_subject ON entry_grants (tenant, subject, entry_id);
SELECT driftbox.isolate_tenant('entry_grants');

-- As `find_entries`, which the version before this one calls, with entries that the caller was let in to ($tops): of the drives that
-- they lie in (`partly`) what is at them or below is found, and paths begin at the topmost of them.
CREATE FUNCTION find_readable(
  drives uuid[], partly uuid[], tops uuid[], pattern text, plain text, of_kind smallint, min_size bigint, max_size bigint,
  after timestamptz, before timestamptz, tagged text, tagged_as text, path_pattern text, last_rank integer, last_name text, last_id uuid,
  most integer
) RETURNS TABLE (entry_id uuid, rank integer, search_name text, top_step integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = metadata, driftbox, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
  WITH hits AS (
    SELECT e.entry_id, e.parent_id, e.drive_id, e.search_name,
      CASE WHEN plain IS NULL THEN 3 WHEN e.search_name = plain THEN 0 WHEN starts_with(e.search_name, plain) THEN 1 ELSE 2 END AS rank
    FROM entries e
    WHERE e.tenant = nullif(current_setting('driftbox.tenant', true), '')::uuid
      AND e.drive_id = ANY (drives || partly) AND e.trashed_seq IS NULL
      AND (pattern IS NULL OR e.search_name LIKE pattern)
      AND (of_kind IS NULL OR e.kind = of_kind)
      AND (min_size IS NULL OR e.size_bytes >= min_size) AND (max_size IS NULL OR e.size_bytes <= max_size)
      AND (after IS NULL OR e.modified_at > after) AND (before IS NULL OR e.modified_at < before)
      AND (tagged IS NULL OR e.entry_id IN (
        SELECT t.entry_id FROM entry_tags t
        WHERE t.tenant = nullif(current_setting('driftbox.tenant', true), '')::uuid AND t.tag_key = tagged
          AND (tagged_as IS NULL OR t.value_key = tagged_as)))
  )
  SELECT h.entry_id, h.rank, h.search_name, shown.top_step FROM hits h
  CROSS JOIN LATERAL (
    -- How many folders above may be named: all, or those up to the topmost that the caller was let in to; none is no hit.
    SELECT CASE WHEN h.drive_id = ANY (drives) THEN 2147483647 ELSE (
      WITH RECURSIVE up AS (
        SELECT h.entry_id, h.parent_id, 0 AS step
        UNION ALL
        SELECT p.entry_id, p.parent_id, up.step + 1 FROM up JOIN entries p
          ON p.tenant = nullif(current_setting('driftbox.tenant', true), '')::uuid AND p.entry_id = up.parent_id
      ) SELECT max(up.step) FROM up WHERE up.entry_id = ANY (tops)) END AS top_step
  ) shown
  WHERE shown.top_step IS NOT NULL
    AND (last_rank IS NULL OR (h.rank, h.search_name COLLATE "C", h.entry_id) > (last_rank, last_name, last_id))
    AND NOT EXISTS (
      WITH RECURSIVE up AS (
        SELECT p.parent_id, p.trashed_seq FROM entries p
        WHERE p.tenant = nullif(current_setting('driftbox.tenant', true), '')::uuid AND p.entry_id = h.parent_id
        UNION ALL
        SELECT p.parent_id, p.trashed_seq FROM up JOIN entries p
          ON p.tenant = nullif(current_setting('driftbox.tenant', true), '')::uuid AND p.entry_id = up.parent_id
        WHERE up.trashed_seq IS NULL
      ) SELECT 1 FROM up WHERE trashed_seq IS NOT NULL)
    AND (path_pattern IS NULL OR (
      WITH RECURSIVE up AS (
        SELECT h.parent_id, h.search_name, 0 AS step
        UNION ALL
        SELECT p.parent_id, p.search_name, up.step + 1 FROM up JOIN entries p
          ON p.tenant = nullif(current_setting('driftbox.tenant', true), '')::uuid AND p.entry_id = up.parent_id
        WHERE up.step < shown.top_step
      ) SELECT '/' || string_agg(up.search_name, '/' ORDER BY up.step DESC) FROM up) LIKE path_pattern)
  ORDER BY h.rank, h.search_name COLLATE "C", h.entry_id
  LIMIT most
$$;
REVOKE ALL ON FUNCTION find_readable FROM PUBLIC;
