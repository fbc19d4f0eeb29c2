-- Sixteen drives, and the writing half of a commit as one function, so that no network lies between its statements.
SET search_path = metadata, driftbox;
CREATE FUNCTION public.bench_id(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
  $$ SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
INSERT INTO drives (tenant, drive_id, root_id, kind, owner, name, epoch)
  SELECT public.bench_id(0), public.bench_id(n), public.bench_id(n), 'home', public.bench_id(n), 'bench', public.bench_id(n) FROM generate_series(1, 16) n;
INSERT INTO grants (tenant, drive_id, subject, role, granted_by)
  SELECT public.bench_id(0), public.bench_id(n), public.bench_id(n), 'owner', public.bench_id(n) FROM generate_series(1, 16) n;
CREATE FUNCTION public.bench_write(drive bigint, files integer) RETURNS void LANGUAGE sql SET search_path = metadata, driftbox, public AS $$
  WITH r AS MATERIALIZED (SELECT gen_random_uuid() AS id, gen_random_uuid()::text AS name, n FROM generate_series(1, files) n),
  history AS (
    INSERT INTO revisions (tenant, entry_id, drive_id, parent_id, made_by, seq, size_bytes, mtime_ms, made_at, rev, kind, list_form, list_id, name, charged)
    SELECT bench_id(0), id, bench_id(drive), bench_id(drive), bench_id(drive), (SELECT seq FROM drives WHERE tenant = bench_id(0) AND drive_id = bench_id(drive)) + n,
      4096, 1, now(), 1, 0, 0, decode(md5(name) || md5(name), 'hex'), name, true FROM r
  ), newest AS (
    INSERT INTO entries (tenant, entry_id, drive_id, parent_id, modified_by, seq, size_bytes, mtime_ms, modified_at, rev, content_rev, place_rev, kind, list_form, list_id, name, search_name)
    SELECT bench_id(0), id, bench_id(drive), bench_id(drive), bench_id(drive), (SELECT seq FROM drives WHERE tenant = bench_id(0) AND drive_id = bench_id(drive)) + n,
      4096, 1, now(), 1, 1, 1, 0, 0, decode(md5(name) || md5(name), 'hex'), name, name FROM r
  ), journal AS (
    INSERT INTO changes (tenant, drive_id, seq, entry_id, write_id, rev, action)
    SELECT bench_id(0), bench_id(drive), (SELECT seq FROM drives WHERE tenant = bench_id(0) AND drive_id = bench_id(drive)) + n, id, id, 1, 0 FROM r
  ), known AS (INSERT INTO commits (tenant, commit_id) VALUES (bench_id(0), gen_random_uuid())),
  told AS (
    INSERT INTO outbox (tenant, event_id, topic, key, type, data)
    SELECT bench_id(0), gen_random_uuid(), 'driftbox.files', bench_id(drive)::text, 'files.committed', jsonb_agg(jsonb_build_object('entryId', id, 'name', name)) FROM r
  )
  UPDATE drives SET seq = seq + files, current_files = current_files + files, current_bytes = current_bytes + 4096 * files
  WHERE tenant = bench_id(0) AND drive_id = bench_id(drive)
$$;
