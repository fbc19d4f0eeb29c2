import pg from 'pg';
import { Problem } from '@driftbox/protocol';

/**
 * Why the database cannot serve at the moment. `lost`: no connection, or one that broke. `stopping`: the server shuts down or
 * starts. `read-only`: it takes no writes, as a standby or a primary that was demoted. `silent`: it does not answer at all.
 * `exhausted`: no connection free in time, or its memory or disk is full. `refused`: of two passwords it does not take this one.
 */
export type Unavailability = 'refused' | 'lost' | 'stopping' | 'read-only' | 'silent' | 'exhausted';

/**
 * The database cannot serve at the moment. Transient. When `outcomeUnknown` the connection was lost while a COMMIT was on its
 * way: it may or may not have happened, and only asking again with the same idempotency key or `writeId` tells.
 */
export class DatabaseUnavailable extends Problem {
  readonly kind: Unavailability;
  readonly outcomeUnknown: boolean;

  constructor(kind: Unavailability, message: string, options: { cause?: unknown; outcomeUnknown?: boolean } = {}) {
    super('unavailable', 'The database is not available at the moment', {
      retryAfterSeconds: 1,
      cause: new Error(message, { cause: options.cause }),
    });
    this.name = 'DatabaseUnavailable';
    this.kind = kind;
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
}

/**
 * Another transaction was in the way (serialization failure, deadlock, lock wait too long), or a migration had changed a table
 * under a prepared statement. Nothing was written: run it again.
 */
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

/** The tenant was erased: nothing of it is written any more. Nothing was written. */
export class TenantErased extends Problem {
  constructor(cause: unknown) {
    super('tenant_erased', undefined, { cause });
    this.name = 'TenantErased';
  }
}

/** What `hold_tenant` raises. */
const erasedCode = 'DBX10';
const conflicts = new Set(['40001', '40P01', '55P03']);
/** 25P04 is the end of a transaction that its client never ended; 57014 of a statement. */
const timeouts = new Set(['57014', '25P04']);
const unavailable: Readonly<Record<string, Unavailability>> = {
  '25006': 'read-only',
  '25P03': 'lost',
  '57P01': 'stopping',
  '57P02': 'stopping',
  '57P03': 'stopping',
  '57P05': 'lost',
  '53100': 'exhausted',
  '53200': 'exhausted',
  '53300': 'exhausted',
  '58030': 'exhausted',
};
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
/** A server that cannot prove who it is, by Node's codes and OpenSSL's. */
const unproven = /^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_)/;
const lostConnection = new RegExp(
  '^(Connection terminated|timeout expired|Client has encountered a connection error|Client was closed|' +
    'Cannot use a pool after|The server does not support SSL)',
);
const noneFree = 'timeout exceeded when trying to connect';

/**
 * Turns what pg throws into one of this package's errors where it is of their kind; anything else (a constraint, a
 * syntax error) is answered unchanged. SQLSTATEs: PostgreSQL manual, appendix A.
 */
export function classify(error: unknown, outcomeUnknown = false): unknown {
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? '';
    if (conflicts.has(code) || isStalePlan(error)) return new Retryable(error);
    if (code === erasedCode) return new TenantErased(error);
    if (timeouts.has(code)) return new DeadlineExceeded(error);
    const kind = code.startsWith('08') ? 'lost' : unavailable[code];
    return kind === undefined ? error : new DatabaseUnavailable(kind, error.message, { cause: error, outcomeUnknown });
  }
  // By shape, not by class: system errors may be made in another realm, and several addresses tried come as one error.
  const { code = '', message = '', errors } = Object(error) as { code?: string; message?: string; errors?: unknown[] };
  if (errors !== undefined && errors.length > 0) return classify(errors[0], outcomeUnknown);
  if (error instanceof Problem) return error;
  if (message === noneFree) return new DatabaseUnavailable('exhausted', message, { cause: error });
  if (systemErrors.has(code) || unproven.test(code) || lostConnection.test(message))
    return new DatabaseUnavailable('lost', message, { cause: error, outcomeUnknown });
  return error;
}

/**
 * A prepared statement whose answer has other columns since a migration changed its table: that connection can never run it
 * again. The server gives it no code of its own (`RevalidateCachedQuery` in its source).
 */
export function isStalePlan(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '0A000' && error.routine === 'RevalidateCachedQuery';
}

/** The name of the violated unique constraint or index, or `undefined` when `error` is anything else. */
export function uniqueViolation(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code === '23505' ? (error.constraint ?? '') : undefined;
}

/** True when a server did not let somebody in for the password. */
export function isPasswordRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '28P01';
}

/** True when a statement was refused only because an earlier one of its transaction had failed. */
export function isAbortedTransaction(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '25P02';
}

/** True when something was to be written where nothing may be: in a read-only transaction, or on a server that takes no writes. */
export function isReadOnlyRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '25006';
}
