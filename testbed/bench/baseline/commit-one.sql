-- What committing one new file costs the database alone: the same rows that a commit reads and writes, one client a drive.
\set drive :client_id + 1
BEGIN;
SELECT seq FROM drives WHERE tenant = '00000000-0000-7000-8000-000000000000' AND drive_id = bench_id(:drive) FOR UPDATE;
SELECT role FROM grants WHERE tenant = '00000000-0000-7000-8000-000000000000' AND drive_id = bench_id(:drive);
SELECT entry_id FROM entries WHERE tenant = '00000000-0000-7000-8000-000000000000' AND parent_id = bench_id(:drive) AND name = gen_random_uuid()::text AND trashed_seq IS NULL;
SELECT bench_write(:drive, 1);
COMMIT;
