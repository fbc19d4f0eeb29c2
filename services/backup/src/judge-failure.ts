import { BackupDamaged } from '@driftbox/backup';
import { StoreError } from '@driftbox/chunk-store';
import { Problem, type ErrorCode } from '@driftbox/protocol';

/** What failed, for people, and whether another run may succeed. */
export type Failure = { readonly why: string; readonly isHopeless: boolean };

/** What no repetition changes, and what somebody can do. */
const advice: Partial<Readonly<Record<ErrorCode, string>>> = {
  not_found: 'name a backup and a tenant that exist',
  tenant_erased: 'an id that was erased is never used again in this cell',
  not_suspended: 'set spec.suspended of the Tenant to true, and restore again',
  already_exists: 'the tenant has people or files: set spec.replace to true if they are to go',
};

/** Judges why a run failed. */
export function judgeFailure(error: unknown): Failure {
  const text = error instanceof Error ? error.message || error.name : String(error);
  if (error instanceof BackupDamaged) return { why: `${text}; choose another backup`, isHopeless: true };
  if (error instanceof StoreError && error.kind === 'corrupt')
    return { why: `${text}: the backups there are not under this key, or are damaged`, isHopeless: true };
  const what = error instanceof Problem ? advice[error.code] : undefined;
  return { why: what === undefined ? text : `${text}: ${what}`, isHopeless: what !== undefined };
}
