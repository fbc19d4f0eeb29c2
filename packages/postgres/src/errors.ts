import pg from 'pg';
import { Problem } from '@driftbox/protocol';

/**
 * The database cannot serve at the moment: no connection, none free in time, shutting down, read-only after a
 * fail-over, or its disk is full. Transient. When `outcomeUnknown` the connection was lost while a COMMIT was on its
 * way: it may or may not have happened, and only asking again with the same idempotency key or `writeId` tells.
 */
export class DatabaseUnavailable extends Problem {
  readonly outcomeUnknown: boolean;

  constructor(message: string, options: { cause?: unknown; outcomeUnknown?: boolean } = {}) {
    super('unavailable', 'The database is not available at the moment', {
      retryAfterSeconds: 1,
      cause: new Error(message, { cause: options.cause }),
    });
    this.name = 'DatabaseUnavailable';
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
}

/** Another transaction was in the way (serialization failure, deadlock, lock wait too long). Nothing was written: run it again. */
export class Retryable extends Problem {
  constructor(cause: Error) {
    super('unavailable', 'Too many writers at once', { retryAfterSeconds: 1, cause });
    this.name = 'Retryable';
  }
}

/** The statement or transaction did not end before its deadline, or its caller gave up. Nothing was written. */
export class DeadlineExceeded extends Problem {
  constructor(cause: unknown) {
    super('unavailable', 'It took longer than its deadline', { retryAfterSeconds: 1, cause });
    this.name = 'DeadlineExceeded';
  }
}

const conflicts = new Set(['40001', '40P01', '55P03']);
const gone = new Set(['57P01', '57P02', '57P03', '57P05', '53100', '53200', '53300', '25006', '25P04', '58030']);
const systemErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EACCES',
]);
const lostConnection = new RegExp(
  '^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error' +
    '|Client was closed|Cannot use a pool after)',
);

/**
 * Turns what pg throws into one of this package's errors where it is of their kind; anything else (a constraint, a
 * syntax error) is answered unchanged. SQLSTATEs: PostgreSQL manual, appendix A.
 */
export function classify(error: unknown, outcomeUnknown = false): unknown {
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? '';
    if (conflicts.has(code)) return new Retryable(error);
    if (code === '57014') return new DeadlineExceeded(error);
    if (gone.has(code) || code.startsWith('08')) return new DatabaseUnavailable(error.message, { cause: error, outcomeUnknown });
    return error;
  }
  // By shape, not by class: system errors may be made in another realm, and several addresses tried come as one error.
  const { code = '', message = '', errors } = Object(error) as { code?: string; message?: string; errors?: unknown[] };
  if (errors !== undefined && errors.length > 0) return classify(errors[0], outcomeUnknown);
  if (!(error instanceof Problem) && (systemErrors.has(code) || lostConnection.test(message))) {
    return new DatabaseUnavailable(message, { cause: error, outcomeUnknown });
  }
  return error;
}

/** The name of the violated unique constraint or index, or `undefined` when `error` is anything else. */
export function uniqueViolation(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code === '23505' ? (error.constraint ?? '') : undefined;
}

/** True when a statement was refused only because an earlier one of its transaction had failed. */
export function isAbortedTransaction(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '25P02';
}
