import { setTimeout as wait } from 'node:timers/promises';
import type { TenantId } from '@driftbox/domain';
import { Problem, type TenantErasure } from '@driftbox/protocol';
import type { Database } from './database.ts';
import { Retryable } from './errors.ts';
import { statement } from './statement.ts';
import type { Transaction } from './transaction.ts';

/** Erases some of what there is, at most so much that its transaction stays short; answers how much by name, nothing at the end. */
export type ErasingStep = (tx: Transaction) => Promise<Readonly<Record<string, number>>>;

/** How a service erases a tenant. */
export type Erasing = {
  /** In the transaction from which on nothing is written for the tenant: throws to refuse, and may remove the tenant itself. */
  readonly begin?: (tx: Transaction) => Promise<void>;
  /** One after the other, each again and again until it finds nothing. A kill between or within them loses only their count. */
  readonly steps: readonly ErasingStep[];
  /** How long this call may work before it answers `erasing`, in milliseconds. */
  readonly budgetMs: number;
};

type Row = { requested_at: number; erased_at: number | null; erased: Record<string, number> };

/** In line, so that writers who come one after another keep nobody out; so long at most do those behind it wait. */
const waitShortly = "SET LOCAL lock_timeout = '200ms'";
const holdAlone = statement({ name: 'erase.hold-alone', text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))' });
const columns = 'requested_at, erased_at, erased';
const find = statement({ name: 'erase.find', text: `SELECT ${columns} FROM erased_tenants WHERE tenant = $1` });
const lock = statement({ name: 'erase.lock', text: `SELECT ${columns} FROM erased_tenants WHERE tenant = $1 FOR UPDATE` });
const insert = statement({ name: 'erase.begin', text: `INSERT INTO erased_tenants (tenant) VALUES ($1) RETURNING ${columns}` });
const count = statement({ name: 'erase.count', text: 'UPDATE erased_tenants SET erased = $2 WHERE tenant = $1' });
const finish = statement({
  name: 'erase.finish',
  text: `UPDATE erased_tenants SET erased_at = coalesce(erased_at, now()) WHERE tenant = $1 RETURNING ${columns}`,
});

/** Between two tries to be alone with a tenant, when those who write now come to their end. */
const tryAgainMs = 50;

/**
 * Erases a tenant, or goes on where an earlier call or process left off. From the first transaction on nothing can be written
 * for the tenant, by whatever had begun before, so that what is found empty stays so. Answers how far it came; once `erased`,
 * always the same. Throws what `begin` throws, and `unavailable` while writers do not end.
 */
export async function eraseTenant(database: Database, tenantId: TenantId, erasing: Erasing): Promise<TenantErasure> {
  const untilMs = performance.now() + erasing.budgetMs;
  let row = await begun(database, tenantId, erasing, untilMs);
  for (const step of row.erased_at === null ? [...erasing.steps, ...ownSteps] : []) {
    for (let more = true; more;) {
      if (performance.now() > untilMs) return present(tenantId, row);
      ({ row, more } = await taken(database, tenantId, step));
    }
  }
  const { rows } = await database.withTenant<Row>(tenantId, finish, [tenantId], { readOnly: false, erasing: true, attempts: 3 });
  return present(tenantId, rows[0] ?? row);
}

/** Throws `tenant_erased` for a tenant that is being or was erased. */
export async function refuseErased(database: Database, tenantId: TenantId): Promise<void> {
  const { rows } = await database.withTenant(tenantId, find, [tenantId]);
  if (rows.length > 0) throw new Problem('tenant_erased');
}

/** A step that empties a table of the tenant. Its name goes into the text. */
export function emptyTable(table: string): ErasingStep {
  const some = statement({
    name: `erase.${table}`,
    text: `DELETE FROM ${table} WHERE tenant = $1 AND ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE tenant = $1 LIMIT $2))`,
  });
  return async (tx) => {
    const { rowCount } = await tx.query(some, [tx.tenantId, rowsOfStep]);
    return { [table]: rowCount ?? 0 };
  };
}

const rowsOfStep = 5_000;
const eraseOutbox = statement({ name: 'erase.outbox', text: 'SELECT erase_outbox($1) AS rows' });

/** What every service has. */
const ownSteps: readonly ErasingStep[] = [
  emptyTable('idempotency_keys'),
  emptyTable('restores'),
  async (tx) => ({ outbox: (await tx.query<{ rows: number }>(eraseOutbox, [rowsOfStep])).rows[0]?.rows ?? 0 }),
];

async function begun(database: Database, tenantId: TenantId, erasing: Erasing, untilMs: number): Promise<Row> {
  for (;;) {
    const begin = (tx: Transaction): Promise<Row> => beginAlone(tx, tenantId, erasing);
    const row = await database.transaction(tenantId, begin, { erasing: true, attempts: 3 }).catch(unlessHeld);
    if (row !== undefined) return row;
    if (performance.now() > untilMs)
      throw new Problem('unavailable', 'Something is still being written for this tenant', { retryAfterSeconds: 5 });
    await wait(tryAgainMs);
  }
}

/** `undefined` for what another's lock was in the way of. */
function unlessHeld(error: unknown): undefined {
  if (!(error instanceof Retryable)) throw error;
}

/** Throws `Retryable` while others write for the tenant. */
async function beginAlone(tx: Transaction, tenantId: TenantId, erasing: Erasing): Promise<Row> {
  await tx.query(waitShortly);
  await tx.query(holdAlone, [tenantId]);
  const known = (await tx.query<Row>(find, [tenantId])).rows[0];
  if (known !== undefined) return known;
  await erasing.begin?.(tx);
  const row = (await tx.query<Row>(insert, [tenantId])).rows[0];
  if (row === undefined) throw new Error('a tenant that begins to be erased gets its row');
  return row;
}

/** One step, counted in its own transaction. Several callers at once take turns. */
async function taken(database: Database, tenantId: TenantId, step: ErasingStep): Promise<{ row: Row; more: boolean }> {
  return database.transaction(
    tenantId,
    async (tx) => {
      const row = (await tx.query<Row>(lock, [tenantId])).rows[0];
      if (row === undefined) throw new Error('a tenant that is being erased has its row');
      const gone = Object.entries(await step(tx)).filter(([, rows]) => rows > 0);
      if (gone.length === 0) return { row, more: false };
      const erased = { ...row.erased };
      for (const [name, rows] of gone) erased[name] = (erased[name] ?? 0) + rows;
      tx.defer(count, [tenantId, erased]);
      return { row: { ...row, erased }, more: true };
    },
    { erasing: true, attempts: 3 },
  );
}

function present(tenantId: TenantId, row: Row): TenantErasure {
  return {
    tenantId,
    state: row.erased_at === null ? 'erasing' : 'erased',
    requestedAt: new Date(row.requested_at).toISOString(),
    ...(row.erased_at === null ? {} : { erasedAt: new Date(row.erased_at).toISOString() }),
    erased: row.erased,
  };
}
