-- Objects of the pool that no row of packs names, since when that is known, and what became of them. Nothing tells whose they are.
CREATE TABLE stray_packs (
  pack_id uuid PRIMARY KEY,
  size_bytes bigint NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now(),
  -- From here on nobody can give it a row any more, also once the object is gone.
  doomed_at timestamptz,
  removed_at timestamptz
);

CREATE INDEX packs_by_id ON packs (pack_id);

-- Which of these packs nobody names. Ids alone: nothing of a tenant is told.
CREATE POLICY walk ON packs FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION unnamed_packs(ids uuid[]) RETURNS TABLE (pack_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = upload, driftbox, pg_temp AS $$
  SELECT f.id FROM unnest(ids) AS f (id) WHERE NOT EXISTS (SELECT 1 FROM packs p WHERE p.pack_id = f.id)
$$;
REVOKE ALL ON FUNCTION unnamed_packs FROM PUBLIC;

-- A pack gets its row or is removed, never both. Volatile, so that the second statement sees what was committed while the first waited.
CREATE FUNCTION refuse_doomed_pack() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('upload.stray_packs', 0));
  IF EXISTS (SELECT 1 FROM stray_packs s WHERE s.pack_id = NEW.pack_id AND s.doomed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'pack % took too long to be recorded, and is removed', NEW.pack_id USING ERRCODE = '40001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse_doomed BEFORE INSERT ON packs FOR EACH ROW EXECUTE FUNCTION refuse_doomed_pack();
