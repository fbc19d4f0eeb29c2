CREATE INDEX entries_search ON entries USING gin (search_name gin_trgm_ops);

-- Trigram operators are not leakproof, so under row-level security no index would serve them: this function reads with
-- its owner's rights and states the tenant itself, from the same setting that the policy reads; the drives are those
-- that the caller was found to read. Each row carries its ancestors, from which liveness and path follow.
-- The owner cannot log in and lends its rights to that one function alone.
CREATE POLICY search ON entries FOR SELECT TO CURRENT_USER USING (true);

CREATE FUNCTION search_names(
  drives uuid[], pattern text, plain text, of_kind smallint, min_size bigint, max_size bigint, after timestamptz, before timestamptz,
  last_rank integer, last_name text, last_id uuid, most integer
) RETURNS TABLE (entry_id uuid, rank integer, search_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = metadata, driftbox, pg_temp
-- Planned for the arguments at hand: what is not asked for falls away, and the trigram index serves the rest.
SET plan_cache_mode = force_custom_plan AS $$
  WITH hits AS (
    SELECT e.entry_id, e.parent_id, e.drive_id, e.search_name,
      CASE WHEN plain IS NULL THEN 3 WHEN e.search_name = plain THEN 0 WHEN starts_with(e.search_name, plain) THEN 1 ELSE 2 END AS rank
    FROM entries e
    WHERE e.tenant = nullif(current_setting('driftbox.tenant', true), '')::uuid
      AND e.drive_id = ANY (drives) AND e.trashed_seq IS NULL
      AND (pattern IS NULL OR e.search_name LIKE pattern)
      AND (of_kind IS NULL OR e.kind = of_kind)
      AND (min_size IS NULL OR e.size_bytes >= min_size) AND (max_size IS NULL OR e.size_bytes <= max_size)
      AND (after IS NULL OR e.modified_at > after) AND (before IS NULL OR e.modified_at < before)
  )
  SELECT h.entry_id, h.rank, h.search_name FROM hits h
  WHERE (last_rank IS NULL OR (h.rank, h.search_name COLLATE "C", h.entry_id) > (last_rank, last_name, last_id))
    AND NOT EXISTS (
      WITH RECURSIVE up AS (
        SELECT p.parent_id, p.trashed_seq FROM entries p
        WHERE p.tenant = nullif(current_setting('driftbox.tenant', true), '')::uuid AND p.entry_id = h.parent_id
        UNION ALL
        SELECT p.parent_id, p.trashed_seq FROM up JOIN entries p
          ON p.tenant = nullif(current_setting('driftbox.tenant', true), '')::uuid AND p.entry_id = up.parent_id
        WHERE up.trashed_seq IS NULL
      ) SELECT 1 FROM up WHERE trashed_seq IS NOT NULL)
  ORDER BY h.rank, h.search_name COLLATE "C", h.entry_id
  LIMIT most
$$;
REVOKE ALL ON FUNCTION search_names FROM PUBLIC;
