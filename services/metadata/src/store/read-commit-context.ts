import type { BrakePolicy, Role } from '@driftbox/domain';
import { statement } from '@driftbox/postgres';
import { roleOf } from './role-of.ts';

export type CommitContextRow = {
  readonly role: Role | null;
  readonly left_bytes: number | null;
  readonly file_bytes: number | null;
  readonly known: boolean;
  readonly now_ms: number;
  /** As the tenant's intent says; null by default. */
  readonly brake: BrakePolicy | null;
  /** What the device did in this drive, and whether it is held: of a device that is watched, where there is anything. */
  readonly activity: { since_ms: number; since_seq: number; drive_files: number; lost_files: number; touched_ms: number | null } | null;
  readonly held: { held: boolean; since_ms: number; lost_files: number; limit_files: number; free_until_ms: number | null } | null;
};

const ms = (time: string): string => `(extract(epoch FROM ${time}) * 1000)::bigint`;

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
    (SELECT intent->'brake' FROM tenants WHERE tenant = $1) AS brake,
    (SELECT json_build_object('since_ms', ${ms('a.since')}, 'since_seq', a.since_seq, 'drive_files', a.drive_files,
      'lost_files', a.lost_files, 'touched_ms', ${ms('a.touched_at')})
      FROM device_activity a WHERE a.tenant = $1 AND a.device = $6::uuid AND a.drive_id = $2) AS activity,
    (SELECT json_build_object('held', b.held, 'since_ms', ${ms('b.since')}, 'lost_files', b.lost_files, 'limit_files', b.limit_files,
      'free_until_ms', ${ms('b.free_until')}) FROM brakes b WHERE b.tenant = $1 AND b.device = $6::uuid) AS held,
    EXISTS (SELECT 1 FROM commits WHERE tenant = $1 AND commit_id = $5::uuid) AS known
  FROM held`,
});
