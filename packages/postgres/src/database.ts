import pg from 'pg';
import type { TenantId } from '@driftbox/domain';
import { clientConfig, type Connection } from './connection.ts';
import { classify, DatabaseUnavailable, DeadlineExceeded, Retryable } from './errors.ts';
import type { Result, SqlValue, Statement } from './statement.ts';
import { beginText, checkTenant, OpenTransaction, type Transaction, type TransactionOptions } from './transaction.ts';

/** A pool of connections of one role. Every wait in it ends: durations are milliseconds. */
export type DatabaseOptions = Connection & {
  readonly applicationName: string;
  readonly schema?: string | undefined;
  /** Default 10. */
  readonly maxConnections?: number | undefined;
  /** Callers that may wait for a connection before more are refused at once; default 50 per connection. */
  readonly maxWaiting?: number | undefined;
  /** How long a caller waits for a connection, a new one's handshake included; default 5,000. */
  readonly acquireTimeoutMs?: number | undefined;
  /** Enforced by the server for each statement; default 10,000. */
  readonly statementTimeoutMs?: number | undefined;
  /** Enforced by the client for a transaction as a whole; default 30,000. */
  readonly transactionTimeoutMs?: number | undefined;
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

const ignore = (): void => {};

/** A pool with its limits; durations in milliseconds. */
type Limited = {
  readonly pool: pg.Pool;
  readonly schema: string | undefined;
  readonly maxWaiting: number;
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
    poolState: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}

function openPool(options: DatabaseOptions): { limited: Limited; connection: Connection } {
  const { applicationName, schema, maxConnections = 10, maxWaiting = 50 * maxConnections, acquireTimeoutMs = 5_000, ...rest } = options;
  const { statementTimeoutMs = 10_000, transactionTimeoutMs = 30_000, ...connection } = rest;
  const settings: pg.PoolConfig & { readonly pipeline: true } = {
    ...clientConfig(connection, { applicationName, schema, statementTimeoutMs, connectTimeoutMs: acquireTimeoutMs, byIndex: true }),
    pipeline: true,
    max: maxConnections,
    idleTimeoutMillis: 60_000,
  };
  const pool = new pg.Pool(settings);
  // A connection lost while idle is replaced by the next acquire; one lost in use fails its own statements.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  return { limited: { pool, schema, maxWaiting, statementTimeoutMs, transactionTimeoutMs }, connection };
}

async function acquire({ pool, maxWaiting }: Limited, signal: AbortSignal | undefined): Promise<pg.PoolClient> {
  if (signal?.aborted === true) throw new DeadlineExceeded(signal.reason);
  if (pool.waitingCount >= maxWaiting) throw new DatabaseUnavailable(`${pool.waitingCount} callers wait for a connection already`);
  try {
    return await pool.connect();
  } catch (error) {
    throw classify(error);
  }
}

type Work<T> = (tx: Transaction) => Promise<T>;

async function transact<T>(limited: Limited, tenantId: TenantId | undefined, fn: Work<T>, options: TransactionOptions = {}): Promise<T> {
  if (tenantId !== undefined) checkTenant(tenantId);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transactOnce(limited, tenantId, fn, options);
    } catch (error) {
      if (!(error instanceof Retryable) || attempt >= (options.attempts ?? 1)) throw error;
    }
  }
}

async function transactOnce<T>(limited: Limited, tenantId: TenantId | undefined, fn: Work<T>, options: TransactionOptions): Promise<T> {
  const { signal } = options;
  const timeoutMs = Math.min(options.timeoutMs ?? limited.transactionTimeoutMs, limited.transactionTimeoutMs);
  const deadlineMs = performance.now() + timeoutMs;
  const client = await acquire(limited, signal);
  const leftMs = deadlineMs - performance.now();
  const begin = beginText(tenantId, options, leftMs < limited.statementTimeoutMs ? leftMs : undefined);
  const open = new OpenTransaction(client, { tenantId, schema: limited.schema }, begin);
  const onDeadline = (): void => open.stop(new DeadlineExceeded(new Error(`transaction longer than ${timeoutMs} ms`)), true);
  // The COMMIT of a read decides nothing: whoever gave up need not wait for it.
  const onAbort = (): void => open.stop(new DeadlineExceeded(signal?.reason), options.readOnly === true);
  const timer = setTimeout(onDeadline, Math.max(0, leftMs));
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted === true) onAbort();
  try {
    return await open.run(fn);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    client.release(!open.isUsable);
  }
}
