/**
 * The closed catalogue of what can go wrong at a door. Their HTTP status, retry flag and documentation live in the
 * protocol package; what a caller may not know exists is `not_found`, never `permission_denied`.
 */
export const errorKinds = [
  'invalid_argument',
  'unauthenticated',
  'permission_denied',
  'not_found',
  'already_exists',
  'revision_conflict',
  'name_taken',
  'moved',
  'chunk_missing',
  'cursor_expired',
  'too_large',
  'digest_mismatch',
  'idempotency_mismatch',
  'locked',
  'rate_limited',
  'internal',
  'unavailable',
  'quota_exceeded',
] as const;
export type ErrorKind = (typeof errorKinds)[number];
