import { createClient, type Database, type SqlValue, type Statement, type Transaction } from '@driftbox/postgres';
import type { TestDatabase } from './test-database.ts';

/** A statement as a service sent it. */
export type SentStatement = { readonly name: string; readonly text: string; readonly values: readonly SqlValue[] };

/** The same database, which keeps every statement that is sent through it. */
export type RecordedDatabase = { readonly database: Database; readonly sent: SentStatement[] };

/** Wraps a database; what is sent reaches it as before. */
export function recordStatements(real: Database): RecordedDatabase {
  const sent: SentStatement[] = [];
  const note = (sql: Statement | string, values: readonly SqlValue[] = []): void => {
    if (typeof sql !== 'string') sent.push({ ...sql, values });
  };
  const recorded = (tx: Transaction): Transaction => ({
    tenantId: tx.tenantId,
    schema: tx.schema,
    query: (sql, values) => (note(sql, values), tx.query(sql, values)),
    defer: (sql, values) => (note(sql, values), tx.defer(sql, values)),
    last: (sql, values) => (note(sql, values), tx.last(sql, values)),
    savepoint: (fn) => tx.savepoint(fn),
    afterCommit: (callback) => tx.afterCommit(callback),
  });
  const database: Database = {
    ...real,
    query: (sql, values, options) => (note(sql, values), real.query(sql, values, options)),
    withTenant: (tenantId, sql, values, options) => (note(sql, values), real.withTenant(tenantId, sql, values, options)),
    transaction: (tenantId, fn, options) => real.transaction(tenantId, (tx) => fn(recorded(tx)), options),
    systemTransaction: (fn, options) => real.systemTransaction((tx) => fn(recorded(tx)), options),
  };
  return { database, sent };
}

/** What a statement takes: tables that are read whole, and pages of 8 KiB that were looked at (none for one that writes). */
export type MeasuredPlan = { readonly name: string; readonly readWhole: string[]; readonly pages: number; readonly text: string };

type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
};

const writes = /\b(INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b/;

/**
 * Runs statements once more as the service's role and tenant, each in the plan that is kept for any values, with PostgreSQL's own
 * choice of how to read: an index must be the better way, not only the one that is left. Nothing of it stays.
 */
export async function measurePlans(
  db: TestDatabase,
  service: string,
  tenantId: string,
  sent: readonly SentStatement[],
): Promise<MeasuredPlan[]> {
  const client = createClient(db.connectionOf(service), {
    applicationName: 'plans',
    schema: service,
    statementTimeoutMs: 60_000,
    connectTimeoutMs: 10_000,
  });
  await client.connect();
  try {
    const plans: MeasuredPlan[] = [];
    await client.query('SET plan_cache_mode = force_generic_plan');
    for (const { name, text, values } of sent) {
      await client.query('BEGIN');
      await client.query(`SELECT set_config('driftbox.tenant', $1, true)`, [tenantId]);
      // A write cannot be done twice, only planned.
      const explain = `EXPLAIN (${writes.test(text) ? '' : 'ANALYZE, BUFFERS, '}FORMAT JSON) ${text}`;
      const query = { name: `plan ${name}`, text: explain, values: [...values] };
      // What a function plans looks at the catalogue the first time; that counts with its pages.
      await client.query(query);
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(query);
      await client.query('ROLLBACK');
      const root = rows[0]?.['QUERY PLAN'][0].Plan;
      if (root === undefined) throw new Error(`no plan of ${name}`);
      const nodes = nodesOf(root);
      plans.push({
        name,
        readWhole: nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name'] ?? ''),
        pages: (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0),
        text: JSON.stringify(root, undefined, 1),
      });
    }
    return plans;
  } finally {
    await client.end();
  }
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
