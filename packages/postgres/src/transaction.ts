import assert from 'node:assert/strict';
import type pg from 'pg';
import { isUuid, type TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { isTracing, traced } from '@driftbox/tracing';
import { classify, DatabaseUnavailable, isAbortedTransaction, isReadOnlyRefusal, isStalePlan } from './errors.ts';
import { cut, gatherWrites, send } from './session.ts';
import type { Result, SqlValue, Statement } from './statement.ts';

/** How a transaction runs. */
export type TransactionOptions = {
  /** Default `read committed`. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable' | undefined;
  readonly readOnly?: boolean | undefined;
  /** Milliseconds for the whole transaction, commit included; default and maximum: the database's `transactionTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** The caller's deadline or cancellation. Once COMMIT has been sent it is waited for all the same. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How often `fn` may run in all when nothing was written because others were in the way (`Retryable`) or the database went
   * away before COMMIT was sent. Default 1; 3 for what is `readOnly` or `idempotent`.
   */
  readonly attempts?: number | undefined;
  /** Doing it twice is as doing it once, by a `writeId` or key: it may run again even where nobody knows whether it committed. */
  readonly idempotent?: boolean | undefined;
  /**
   * Each of its statements is planned once in a connection, for any values, and not for those of each call: for lookups by key. Over the
   * partitions of a table planning costs more than the lookup does, and PostgreSQL, left to choose, plans anew each time.
   */
  readonly plansOnce?: boolean | undefined;
  /** It erases the tenant: the one thing that may write for a tenant that is erased. */
  readonly erasing?: boolean | undefined;
};

/** An open transaction. Statements are sent as soon as they are called and answered in that order (pipelining). */
export type Transaction = {
  /** Whose rows are visible; `undefined` in a system transaction, which sees none that belong to a tenant. */
  readonly tenantId: TenantId | undefined;
  /** The schema that its statements mean. */
  readonly schema: string | undefined;
  /** Runs one statement. Throws what `classify` makes of the failure; then the transaction can only roll back. */
  query<Row = Record<string, unknown>>(sql: Statement | string, values?: readonly SqlValue[]): Promise<Result<Row>>;
  /** Sends a statement whose answer nobody needs: it costs no round trip. If it fails, so does the transaction. */
  defer(sql: Statement | string, values?: readonly SqlValue[]): void;
  /** Runs the last statement and commits in the same round trip. Nothing may be sent after it. */
  last<Row = Record<string, unknown>>(sql: Statement | string, values?: readonly SqlValue[]): Promise<Result<Row>>;
  /** Runs `fn` under a savepoint: if it throws, what it wrote is undone, the error goes on, and the transaction lives. */
  savepoint<T>(fn: () => Promise<T>): Promise<T>;
  /** Calls `callback` after a successful commit, once however often it is given. */
  afterCommit(callback: () => void): void;
};

/** The id goes into SQL text, so its brand alone is not believed. */
export function checkTenant(tenantId: TenantId): TenantId {
  assert(isUuid(tenantId), 'a tenant id is a canonical UUID');
  return tenantId;
}

/**
 * `BEGIN` and everything that must hold before the first statement, as one simple query: one message, one answer. What may
 * write for a tenant holds it against being erased, where the schema is a service's.
 */
export function beginText(
  { tenantId, schema }: Pick<Transaction, 'tenantId' | 'schema'>,
  options: TransactionOptions,
  statementTimeoutMs: number | undefined,
): string {
  const isolation = options.isolation === undefined ? '' : ` ISOLATION LEVEL ${options.isolation.toUpperCase()}`;
  let text = `BEGIN${isolation}${options.readOnly === true ? ' READ ONLY' : ''}`;
  if (statementTimeoutMs !== undefined) text += `; SET LOCAL statement_timeout = ${Math.max(1, Math.ceil(statementTimeoutMs))}`;
  if (tenantId !== undefined) text += `; SET LOCAL driftbox.tenant = '${checkTenant(tenantId)}'`;
  if (options.plansOnce === true) text += '; SET LOCAL plan_cache_mode = force_generic_plan';
  const writes = options.readOnly !== true && options.erasing !== true;
  if (tenantId !== undefined && schema !== undefined && writes) text += '; SELECT hold_tenant()';
  return text;
}

const ignore = (): void => {};

function rejections(settled: PromiseSettledResult<unknown>[]): unknown[] {
  return settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
}

type About = Pick<Transaction, 'tenantId' | 'schema'> & { readonly readOnly: boolean };

/** Runs `fn` in one transaction on `client`, which is given back in any state: the caller asks `isUsable` before reusing it. */
export class OpenTransaction implements Transaction {
  readonly #about: About;
  readonly #client: pg.ClientBase;
  readonly #unawaited: Promise<unknown>[] = [];
  readonly #callbacks = new Set<() => void>();
  readonly #stopped = Promise.withResolvers<never>();
  #stopCause: Error | undefined;
  #commit: Promise<unknown> | undefined;
  #savepoints = 0;
  #begun = false;
  #stalePlan = false;
  /** The server stopped waiting for its standby, and says so in a mere warning before it answers that all went well. */
  #isOnlyHere = false;
  readonly #heed = (notice: { readonly routine?: string | undefined }): void => {
    this.#isOnlyHere ||= notice.routine === 'SyncRepWaitForLSN';
  };

  constructor(client: pg.ClientBase, about: About, begin: string) {
    this.#client = client;
    this.#about = about;
    this.#stopped.promise.catch(ignore);
    gatherWrites(client);
    const answer = client.query(begin);
    this.#keep(answer);
    answer.then(() => {
      this.#begun = true;
    }, ignore);
  }

  get tenantId(): TenantId | undefined {
    return this.#about.tenantId;
  }

  get schema(): string | undefined {
    return this.#about.schema;
  }

  /** False once the connection was cut, or cannot run one of its statements any more; then it must not go back to the pool. */
  get isUsable(): boolean {
    return this.#stopCause === undefined && !this.#stalePlan;
  }

  /** Ends the transaction from outside (deadline, cancellation): cuts the connection, so that nobody waits any longer. */
  stop(cause: Error, evenCommitting: boolean): void {
    if (this.#stopCause !== undefined || (this.#commit !== undefined && !evenCommitting)) return;
    this.#stopCause = cause;
    cut(this.#client);
    this.#stopped.reject(cause);
  }

  /** Ends it unless the server has answered BEGIN, which waits for nothing: a server that is there answers at once. */
  stopIfSilent(message: string): void {
    if (!this.#begun) this.stop(new DatabaseUnavailable('silent', message), true);
  }

  async query<Row>(sql: Statement | string, values?: readonly SqlValue[]): Promise<Result<Row>> {
    try {
      return await this.#send<Row>(sql, values);
    } catch (error) {
      throw this.#explain(await this.#firstCause(error));
    }
  }

  defer(sql: Statement | string, values?: readonly SqlValue[]): void {
    this.#keep(this.#send(sql, values));
  }

  async last<Row>(sql: Statement | string, values?: readonly SqlValue[]): Promise<Result<Row>> {
    const answer = this.#send<Row>(sql, values);
    this.#keep(answer);
    await this.commit();
    return answer;
  }

  async savepoint<T>(fn: () => Promise<T>): Promise<T> {
    const name = `s${++this.#savepoints}`;
    const kept = this.#unawaited.length;
    this.defer(`SAVEPOINT ${name}`);
    try {
      const value = await fn();
      await Promise.all(this.#unawaited.slice(kept));
      this.defer(`RELEASE SAVEPOINT ${name}`);
      return value;
    } catch (error) {
      const cause = await this.#firstCause(error);
      this.#unawaited.length = kept;
      await this.query(`ROLLBACK TO SAVEPOINT ${name}`);
      throw this.#explain(cause);
    }
  }

  afterCommit(callback: () => void): void {
    this.#callbacks.add(callback);
  }

  /** Runs `fn` to its commit, or rolls back and throws. */
  async run<T>(fn: (tx: Transaction) => Promise<T>): Promise<T> {
    let value: T;
    try {
      value = await Promise.race([fn(this), this.#stopped.promise]);
      await this.commit();
    } catch (error) {
      throw await this.#rollBack(error);
    }
    for (const callback of this.#callbacks) callback();
    return value;
  }

  /** Sends COMMIT right behind the statements in flight and waits for all of them. Idempotent. */
  async commit(): Promise<void> {
    if (this.#commit === undefined) {
      gatherWrites(this.#client);
      this.#client.on('notice', this.#heed);
      const commit = (): Promise<unknown> => this.#client.query('COMMIT');
      // That of a read decides nothing, and waits for nothing: it is no step of its own.
      const answer = (this.#about.readOnly ? commit() : this.#traced('COMMIT', commit)).finally(() =>
        this.#client.off('notice', this.#heed),
      );
      this.#commit = answer;
      answer.catch(ignore);
    }
    const failures = rejections(await Promise.allSettled([...this.#unawaited, this.#commit]));
    if (failures.length > 0) throw failures.find((failure) => !isAbortedTransaction(failure)) ?? failures[0];
    const { command } = (await this.#commit) as pg.QueryResult;
    if (this.#isOnlyHere) {
      throw new DatabaseUnavailable('stopping', 'committed here, but perhaps not on the standby', { outcomeUnknown: true });
    }
    if (command !== 'COMMIT') throw new Error('the transaction had failed before its commit, and was rolled back');
  }

  #send<Row>(sql: Statement | string, values?: readonly SqlValue[]): Promise<Result<Row>> {
    assert(this.#commit === undefined, 'no statement after the commit');
    return this.#traced(sql, () => send<Row>(this.#client, sql, values));
  }

  /** A statement as a step of a trace: by its name, or its first word. */
  #traced<T>(sql: Statement | string, work: () => Promise<T>): Promise<T> {
    if (!isTracing()) return work();
    const name = typeof sql === 'string' ? (/\w+/.exec(sql)?.[0] ?? 'statement') : sql.name;
    const attributes = { 'db.system.name': 'postgresql', 'db.namespace': this.schema, 'db.query.summary': name };
    return traced({ name, kind: 'client', attributes }, work);
  }

  #keep(answer: Promise<unknown>): void {
    answer.catch(ignore);
    this.#unawaited.push(answer);
  }

  /** A statement refused because the transaction had failed hides why: the cause is an earlier one, not awaited. */
  async #firstCause(error: unknown): Promise<unknown> {
    if (!isAbortedTransaction(error)) return error;
    return rejections(await Promise.allSettled(this.#unawaited)).find((reason) => !isAbortedTransaction(reason)) ?? error;
  }

  #explain(error: unknown): unknown {
    const committing = this.#commit !== undefined;
    const cause = this.#stopCause;
    this.#stalePlan ||= isStalePlan(error);
    if (cause === undefined) return isReadOnlyRefusal(error) && this.#about.readOnly ? error : classify(error, committing);
    if (committing) {
      const kind = cause instanceof DatabaseUnavailable ? cause.kind : 'lost';
      return new DatabaseUnavailable(kind, 'the connection was given up while committing', { cause, outcomeUnknown: true });
    }
    return cause instanceof Problem ? cause : classify(cause);
  }

  async #rollBack(error: unknown): Promise<unknown> {
    const explained = this.#explain(await this.#firstCause(error));
    if (this.#commit === undefined && this.#stopCause === undefined) {
      await send(this.#client, 'ROLLBACK').catch((failure: Error) => {
        this.#stopCause = failure;
      });
      await Promise.allSettled(this.#unawaited);
    }
    return explained;
  }
}
