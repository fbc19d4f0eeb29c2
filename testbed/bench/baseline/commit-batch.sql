-- The rows of a commit of 1,000 new files, inserted in one batch.
\set drive :client_id + 1
BEGIN;
SELECT seq FROM drives WHERE tenant = '00000000-0000-7000-8000-000000000000' AND drive_id = bench_id(:drive) FOR UPDATE;
SELECT bench_write(:drive, 1000);
COMMIT;
