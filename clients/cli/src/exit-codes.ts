import { UsageError } from '@driftbox/command-line';
import { Problem } from '@driftbox/protocol';
import type { ErrorCode } from '@driftbox/protocol';

/** What the process exits with; `docs/cli.md` states the same table for scripts. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  notFound: 4,
  conflict: 5,
  partial: 6,
  unavailable: 7,
  noRoom: 8,
  halted: 9,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Sync stopped before it did anything: a person has to decide. */
export class Halted extends Error {}

export { UsageError };

const byCode: Readonly<Record<ErrorCode, ExitCode>> = {
  invalid_argument: exitCodes.usage,
  unauthenticated: exitCodes.refused,
  permission_denied: exitCodes.refused,
  tenant_suspended: exitCodes.unavailable,
  not_found: exitCodes.notFound,
  already_exists: exitCodes.conflict,
  proof_required: exitCodes.refused,
  revision_conflict: exitCodes.conflict,
  name_taken: exitCodes.conflict,
  moved: exitCodes.conflict,
  offset_mismatch: exitCodes.conflict,
  generation_superseded: exitCodes.conflict,
  not_suspended: exitCodes.conflict,
  chunk_missing: exitCodes.failed,
  cursor_expired: exitCodes.failed,
  tenant_erased: exitCodes.notFound,
  version_unsupported: exitCodes.failed,
  too_large: exitCodes.noRoom,
  digest_mismatch: exitCodes.failed,
  idempotency_mismatch: exitCodes.failed,
  locked: exitCodes.conflict,
  rate_limited: exitCodes.unavailable,
  checksum_mismatch: exitCodes.failed,
  content_damaged: exitCodes.failed,
  internal: exitCodes.failed,
  unavailable: exitCodes.unavailable,
  quota_exceeded: exitCodes.noRoom,
};

/** The exit code for a catalogued error. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return byCode[code];
}

/** The exit code for whatever a command threw. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof Problem) return exitCodeOf(error.code);
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof Halted) return exitCodes.halted;
  return exitCodes.failed;
}
