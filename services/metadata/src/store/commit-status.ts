import { statement } from '@driftbox/postgres';

/** Waits until a commit of this id that is under way has ended, so that its answer is final once `commitBy` has passed. */
export const awaitCommit = statement({
  name: 'metadata.await-commit',
  text: 'SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))',
});

/** Is the commit known, and what does the database's clock say? */
export const readCommitStatus = statement({
  name: 'metadata.read-commit-status',
  text: `SELECT EXISTS (SELECT 1 FROM commits WHERE tenant = $1 AND commit_id = $2) AS known, (extract(epoch
    FROM clock_timestamp()) * 1000)::bigint AS now_ms`,
});
