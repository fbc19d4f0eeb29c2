import type pg from 'pg';
import type { TenantId } from '@driftbox/domain';
import { ConnectionPool } from './connection-pool.ts';
import type { Connection } from './connection.ts';
import { DatabaseUnavailable, DeadlineExceeded, Retryable } from './errors.ts';
import type { Result, SqlValue, Statement } from './statement.ts';
import { beginText, checkTenant, OpenTransaction, type Transaction, type TransactionOptions } from './transaction.ts';

/** Limits of one process's pool; durations in milliseconds. Every wait in it ends. */
export type DatabaseLimits = {
  /** Default 10. */
  readonly maxConnections?: number | undefined;
  /** Callers that may wait for a connection before more are refused at once; default 50 per connection. */
  readonly maxWaiting?: number | undefined;
  /** How long a caller waits for a connection, while there is no server for one to come, or for BEGIN to be answered; default 5,000. */
  readonly acquireTimeoutMs?: number | undefined;
  /** How long one server may take to let a client in; default 2,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Enforced by the server for each statement; default 10,000. */
  readonly statementTimeoutMs?: number | undefined;
  /** Enforced by the server for each wait for a lock; default 5,000. */
  readonly lockTimeoutMs?: number | undefined;
  /** Enforced by the client for a transaction as a whole, and a little later by the server; default 30,000. */
  readonly transactionTimeoutMs?: number | undefined;
};

/** A pool of connections of one role. */
export type DatabaseOptions = Connection &
  DatabaseLimits & {
    readonly applicationName: string;
    readonly schema?: string | undefined;
  };

/** Access to one service's schema. Failures are `DatabaseUnavailable`, `Retryable`, `DeadlineExceeded`, or pg's own `DatabaseError`. */
export type Database = {
  /** One statement on its own, without a tenant: under row-level security it sees no tenant's rows. */
  query<Row = Record<string, unknown>>(
    sql: Statement | string,
    values?: readonly SqlValue[],
    options?: Pick<TransactionOptions, 'timeoutMs' | 'signal'>,
  ): Promise<Result<Row>>;
  /** One statement with the tenant set, in one round trip; read-only unless `readOnly: false`. */
  withTenant<Row = Record<string, unknown>>(
    tenantId: TenantId,
    sql: Statement | string,
    values?: readonly SqlValue[],
    options?: TransactionOptions,
  ): Promise<Result<Row>>;
  /** Runs `fn` in a transaction of this tenant: commits when it resolves, rolls back when it throws. The tenant costs no round trip. */
  transaction<T>(tenantId: TenantId, fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** The same without a tenant: for tables that belong to none. */
  systemTransaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Connections open, free and awaited at this moment, for metrics. */
  poolState(): { readonly open: number; readonly idle: number; readonly waiting: number };
  /** Where this pool connects and as whom, for a connection of one's own (LISTEN). */
  readonly connection: Connection;
  /** First in the search path of its sessions. */
  readonly schema: string | undefined;
  /** Waits for what runs, then closes every connection. */
  close(): Promise<void>;
};

/** A pool with its limits; durations in milliseconds. */
type Limited = {
  readonly pool: ConnectionPool;
  readonly schema: string | undefined;
  readonly acquireTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly transactionTimeoutMs: number;
};

/** Makes the pool; connects nobody until the first use. Close it when done. */
export function createDatabase(options: DatabaseOptions): Database {
  const { limited, connection } = openPool(options);
  const { pool } = limited;
  return {
    connection,
    schema: limited.schema,
    query: (sql, values, given) => transact(limited, undefined, (tx) => tx.last(sql, values), given),
    withTenant: (tenantId, sql, values, given) => transact(limited, tenantId, (tx) => tx.last(sql, values), { readOnly: true, ...given }),
    transaction: (tenantId, fn, given) => transact(limited, tenantId, fn, given),
    systemTransaction: (fn, given) => transact(limited, undefined, fn, given),
    poolState: () => pool.state,
    close: () => pool.end(),
  };
}

function openPool(options: DatabaseOptions): { limited: Limited; connection: Connection } {
  const { applicationName, schema, maxConnections = 10, maxWaiting = 50 * maxConnections, acquireTimeoutMs = 5_000, ...rest } = options;
  const {
    connectTimeoutMs = 2_000,
    statementTimeoutMs = 10_000,
    lockTimeoutMs = 5_000,
    transactionTimeoutMs = 30_000,
    ...connection
  } = rest;
  const settings = {
    applicationName,
    schema,
    statementTimeoutMs,
    connectTimeoutMs,
    lockTimeoutMs,
    // For a client that is frozen and holds locks: one that lives ends its transactions by itself.
    transactionTimeoutMs: transactionTimeoutMs + 5_000,
    byIndex: true,
  };
  const pool = new ConnectionPool(connection, settings, { maxConnections, maxWaiting, acquireTimeoutMs });
  return { limited: { pool, schema, acquireTimeoutMs, statementTimeoutMs, transactionTimeoutMs }, connection };
}

type Work<T> = (tx: Transaction) => Promise<T>;

async function transact<T>(limited: Limited, tenantId: TenantId | undefined, fn: Work<T>, options: TransactionOptions = {}): Promise<T> {
  if (tenantId !== undefined) checkTenant(tenantId);
  const { readOnly = false, idempotent = false } = options;
  const attempts = options.attempts ?? (readOnly || idempotent ? 3 : 1);
  for (let attempt = 1; ; attempt += 1) {
    const timeoutMs = Math.min(options.timeoutMs ?? limited.transactionTimeoutMs, limited.transactionTimeoutMs);
    const deadlineMs = performance.now() + timeoutMs;
    const client = await limited.pool.acquire(options.signal);
    try {
      return await transactOn(client, limited, { ...options, timeoutMs: deadlineMs - performance.now() }, tenantId, fn);
    } catch (error) {
      limited.pool.heed(error);
      if (attempt >= attempts || !mayRunAgain(error, readOnly || idempotent)) throw error;
    }
  }
}

/** Nothing was written, or writing it twice is as writing it once. */
function mayRunAgain(error: unknown, isRepeatable: boolean): boolean {
  return error instanceof Retryable || (error instanceof DatabaseUnavailable && (isRepeatable || !error.outcomeUnknown));
}

async function transactOn<T>(
  client: pg.PoolClient,
  { pool, schema, acquireTimeoutMs, statementTimeoutMs }: Limited,
  options: TransactionOptions & { readonly timeoutMs: number },
  tenantId: TenantId | undefined,
  fn: Work<T>,
): Promise<T> {
  const { signal, timeoutMs, readOnly = false } = options;
  const begin = beginText({ tenantId, schema }, options, timeoutMs < statementTimeoutMs ? timeoutMs : undefined);
  const open = new OpenTransaction(client, { tenantId, schema, readOnly }, begin);
  const onDeadline = (): void => open.stop(new DeadlineExceeded(new Error('the transaction took longer than it may')), true);
  // After a look at the sockets: where this process itself was busy, the answer may have been here for long.
  const onSilence = (): NodeJS.Immediate => setImmediate(() => open.stopIfSilent(`no answer to BEGIN within ${acquireTimeoutMs} ms`));
  // The COMMIT of a read decides nothing: whoever gave up need not wait for it.
  const onAbort = (): void => open.stop(new DeadlineExceeded(signal?.reason), readOnly);
  const timers = [setTimeout(onDeadline, Math.max(0, timeoutMs)), setTimeout(onSilence, acquireTimeoutMs)];
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted === true) onAbort();
  try {
    return await open.run(fn);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    pool.release(client, open.isUsable);
  }
}
