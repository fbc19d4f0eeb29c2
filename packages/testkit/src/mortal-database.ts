import type { Database, Transaction } from '@driftbox/postgres';
import type { Faults } from './fault-at.ts';

/**
 * The database as a process sees it that may die at each of its steps: before every statement, before the COMMIT of a transaction, and
 * after it, when the answer is lost. What had not committed by then is rolled back, as it is when a connection ends.
 */
export function mortalDatabase(real: Database, steps: Faults): Database {
  const answered = async <T>(answer: Promise<T>, label: string): Promise<T> => {
    const value = await answer;
    steps.step(`answer to ${label}`);
    return value;
  };
  const named = (sql: string | { readonly name: string }): string => (typeof sql === 'string' ? sql.slice(0, 20) : sql.name);
  const mortal = (tx: Transaction): Transaction => ({
    tenantId: tx.tenantId,
    schema: tx.schema,
    query: async (sql, values) => (steps.step(named(sql)), tx.query(sql, values)),
    defer: (sql, values) => (steps.step(named(sql)), tx.defer(sql, values)),
    last: async (sql, values) => (steps.step(named(sql)), tx.last(sql, values)),
    savepoint: (fn) => tx.savepoint(fn),
    afterCommit: (callback) => tx.afterCommit(callback),
  });
  const within =
    <T>(fn: (tx: Transaction) => Promise<T>) =>
    async (tx: Transaction): Promise<T> => {
      const value = await fn(mortal(tx));
      steps.step('COMMIT');
      return value;
    };
  return {
    ...real,
    query: async (sql, values, options) => (steps.step(named(sql)), answered(real.query(sql, values, options), named(sql))),
    withTenant: async (tenantId, sql, values, options) => (
      steps.step(named(sql)),
      answered(real.withTenant(tenantId, sql, values, options), named(sql))
    ),
    transaction: (tenantId, fn, options) => answered(real.transaction(tenantId, within(fn), options), 'COMMIT'),
    systemTransaction: (fn, options) => answered(real.systemTransaction(within(fn), options), 'COMMIT'),
  };
}
