/**
 * The closed catalogue of errors (RFC 9457 problem details). `status` is the HTTP status, `retryable` says whether the
 * same request may succeed later unchanged; clients retry by this flag, never by guessing from the status.
 */
export const errorCatalogue = {
  invalid_argument: { status: 400, retryable: false, title: 'The request is not valid' },
  unauthenticated: { status: 401, retryable: false, title: 'Sign in first' },
  permission_denied: { status: 403, retryable: false, title: 'You may not do this' },
  tenant_suspended: { status: 403, retryable: false, title: 'The tenant is suspended' },
  not_found: { status: 404, retryable: false, title: 'There is nothing here, or nothing that you may see' },
  already_exists: { status: 409, retryable: false, title: 'It exists already' },
  proof_required: { status: 409, retryable: false, title: 'The address has an account here: prove that it is yours' },
  revision_conflict: { status: 409, retryable: false, title: 'Somebody changed it since you last saw it' },
  name_taken: { status: 409, retryable: false, title: 'The name is taken in this folder' },
  moved: { status: 409, retryable: false, title: 'It moved to another drive' },
  chunk_missing: { status: 409, retryable: false, title: 'The server lacks chunks of this content' },
  offset_mismatch: { status: 409, retryable: false, title: 'The upload is at another offset' },
  generation_superseded: { status: 409, retryable: false, title: 'A newer intent for this tenant is kept' },
  not_suspended: { status: 409, retryable: false, title: 'The tenant is not suspended' },
  cursor_expired: { status: 410, retryable: false, title: 'The cursor is no longer valid: list again' },
  tenant_erased: { status: 410, retryable: false, title: 'The tenant was erased' },
  version_unsupported: { status: 412, retryable: false, title: 'This version of the protocol is not spoken here' },
  too_large: { status: 413, retryable: false, title: 'Larger than the limit' },
  digest_mismatch: { status: 422, retryable: false, title: 'The bytes do not match their digest' },
  idempotency_mismatch: { status: 422, retryable: false, title: 'This idempotency key was used with another request' },
  locked: { status: 423, retryable: false, title: 'Locked' },
  rate_limited: { status: 429, retryable: true, title: 'Too many requests' },
  checksum_mismatch: { status: 460, retryable: true, title: 'The bytes do not match the checksum sent with them' },
  content_damaged: { status: 500, retryable: false, title: 'The stored content is damaged' },
  internal: { status: 500, retryable: false, title: 'Something went wrong on the server' },
  unavailable: { status: 503, retryable: true, title: 'Not available at the moment' },
  quota_exceeded: { status: 507, retryable: false, title: 'The quota is used up' },
} as const;

/** One code of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;

/**
 * Whether an answer of this status is a failure of the server: 500 and above, but for a quota that is used up (507), which is a refusal as
 * a rate is (429) (ADR 62).
 */
export function isFailure(status: number): boolean {
  return status >= 500 && status !== errorCatalogue.quota_exceeded.status;
}

/** What goes over the wire as `application/problem+json`. `details` never holds what the caller may not know. */
export type ProblemDetails = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string | undefined;
  readonly retryable: boolean;
  readonly requestId?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
};

type ProblemOptions = {
  /** For `Retry-After`, in seconds. */
  readonly retryAfterSeconds?: number;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
};

/** A catalogued error on its way to, or from, the wire. `detail` is one sentence for people, safe to show. */
export class Problem extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail?: string, options: ProblemOptions = {}) {
    super(detail ?? errorCatalogue[code].title, { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }
}

/** The problem as it is written to the wire; `requestId` lets people quote the log line that knows more. */
export function problemDetails(problem: Problem, requestId?: string): ProblemDetails {
  const { status, retryable, title } = errorCatalogue[problem.code];
  return {
    type: `https://driftbox.dev/docs/errors#${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.message,
    retryable,
    requestId,
    details: problem.details,
  };
}
