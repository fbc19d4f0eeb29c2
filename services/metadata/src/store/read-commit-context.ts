import type { Role } from '@driftbox/domain';
import { statement } from '@driftbox/postgres';
import { roleOf } from './role-of.ts';

export type CommitContextRow = {
  readonly role: Role | null;
  readonly left_bytes: number | null;
  readonly file_bytes: number | null;
  readonly known: boolean;
  readonly now_ms: number;
};

/**
 * Everything about a commit that is not its drive's rows; sent behind the drive's lock, so that it is not older than
 * it. The advisory lock makes whoever asks about this commit wait until it has ended; the clock is read after it.
 */
export const readCommitContext = statement({
  name: 'metadata.read-commit-context',
  text: `WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($5::text, 0)) AS done)
  SELECT held.done IS NULL AS unused, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms,
    ${roleOf('$2', '$3')} AS role,
    (SELECT left_bytes FROM reservations WHERE tenant = $1 AND drive_id = $2 AND upload_id = $4) AS left_bytes,
    (SELECT file_bytes FROM tenants WHERE tenant = $1) AS file_bytes,
    EXISTS (SELECT 1 FROM commits WHERE tenant = $1 AND commit_id = $5::uuid) AS known
  FROM held`,
});
