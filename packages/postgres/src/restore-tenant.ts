import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Database } from './database.ts';
import { emptyTable } from './erase-tenant.ts';
import { statement } from './statement.ts';
import type { TenantRows, TenantTable } from './tenant-rows.ts';
import type { Transaction } from './transaction.ts';

type Row = { restore_id: string; emptied_at: number | null; ended_at: number | null };

const find = statement({
  name: 'restore.find',
  text: 'SELECT restore_id, emptied_at, ended_at FROM restores WHERE tenant = $1 FOR UPDATE',
});
const begin = statement({
  name: 'restore.begin',
  text: `INSERT INTO restores (tenant, restore_id) VALUES ($1, $2) ON CONFLICT (tenant) DO UPDATE
    SET restore_id = excluded.restore_id, begun_at = now(), emptied_at = NULL, ended_at = NULL`,
});
const emptied = statement({ name: 'restore.emptied', text: 'UPDATE restores SET emptied_at = now() WHERE tenant = $1' });
const end = statement({ name: 'restore.end', text: 'UPDATE restores SET ended_at = now() WHERE tenant = $1' });
const forget = statement({ name: 'restore.forget', text: 'DELETE FROM restores WHERE tenant = $1' });
const forgetEnded = statement({ name: 'restore.forget-ended', text: 'DELETE FROM restores WHERE tenant = $1 AND ended_at IS NOT NULL' });
const findOpen = statement({ name: 'restore.open', text: 'SELECT 1 FROM restores WHERE tenant = $1 AND ended_at IS NULL' });

/** One step of a restore, in this order: `begin` until it answers `ready`, rows of any table in the order of tables, `end`. */
export type RestoreStep =
  | { readonly step: 'begin'; readonly restoreId: string; readonly replace: boolean }
  | {
      readonly step: 'rows';
      readonly restoreId: string;
      readonly table: string;
      readonly rows: readonly Readonly<Record<string, unknown>>[];
    }
  | { readonly step: 'end'; readonly restoreId: string }
  | { readonly step: 'abandon'; readonly restoreId: string };

/** `emptying`: ask again. `rows`: how many each table has at the end. */
export type RestoreState = { readonly state: 'emptying' | 'ready' | 'restored' | 'abandoned'; readonly rows: Record<string, number> };

/** How a step is taken. */
export type Restoring = {
  /** Throws where this tenant may not be restored at the moment. */
  readonly permit?: (tx: Transaction) => Promise<void>;
  /** How long emptying may take before it answers, in milliseconds. */
  readonly budgetMs: number;
  /**
   * Whoever restores asks this service first, and ends here last, so that it speaks for all of them. It answers `restored` where this
   * restore has ended and nobody was let in since. The others begin what had ended there anew, or abandon it.
   */
  readonly decides?: boolean;
};

/**
 * Takes one step of restoring a tenant's rows. Every step may be repeated, so that a restore goes on after a kill; what it has not
 * ended is told by `isRestoring`. Throws `already_exists` where there are rows and `replace` was not said, or another restore is
 * open, `invalid_argument` for rows that this version has no place for, and what `permit` throws.
 */
export async function restoreTenant(
  database: Database,
  tenantId: TenantId,
  kept: TenantRows,
  step: RestoreStep,
  { permit, budgetMs, decides = false }: Restoring,
): Promise<RestoreState> {
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.transaction(
      tenantId,
      async (tx) => {
        await permit?.(tx);
        return work(tx);
      },
      { attempts: 3 },
    );
  const empty = (check: (tx: Transaction) => Promise<unknown> = (tx) => open(tx, step.restoreId)): Promise<boolean> =>
    emptyAll(database, tenantId, kept, budgetMs, check);
  switch (step.step) {
    case 'begin': {
      const state = await inTransaction((tx) => begun(tx, kept, step, decides));
      if (state !== 'emptying') return { state, rows: {} };
      const done = await empty();
      if (done) await inTransaction(async (tx) => void (await tx.query(emptied, [tenantId])));
      return { state: done ? 'ready' : 'emptying', rows: {} };
    }
    case 'rows':
      await inTransaction((tx) => insertRows(tx, kept, step));
      return { state: 'ready', rows: {} };
    case 'end':
      return inTransaction((tx) => ended(tx, kept, step.restoreId));
    case 'abandon': {
      const done = await empty((tx) => (decides ? open(tx, step.restoreId) : own(tx, step.restoreId)));
      if (done) await inTransaction(async (tx) => void (await tx.query(forget, [tenantId])));
      return { state: done ? 'abandoned' : 'emptying', rows: {} };
    }
  }
}

/** Whether a restore of the transaction's tenant has begun and not ended: then nobody is to see what is there. */
export async function isRestoring(tx: Transaction): Promise<boolean> {
  return (await tx.query(findOpen, [tx.tenantId])).rows.length > 0;
}

/** Tells a service that decides that people are let in: a restore that has ended is over, and what is there is theirs from now on. */
export async function forgetEndedRestore(tx: Transaction): Promise<void> {
  await tx.query(forgetEnded, [tx.tenantId]);
}

/** `ready` where rows may come already, `restored` where all of it has ended. */
async function begun(
  tx: Transaction,
  kept: TenantRows,
  step: Extract<RestoreStep, { step: 'begin' }>,
  decides: boolean,
): Promise<'ready' | 'emptying' | 'restored'> {
  const known = (await tx.query<Row>(find, [tx.tenantId])).rows[0];
  const isOpen = known !== undefined && known.ended_at === null;
  const isSame = known?.restore_id === step.restoreId;
  if (isOpen && !isSame) throw anotherOpen(known.restore_id);
  if (isOpen) return known.emptied_at === null ? 'emptying' : 'ready';
  if (isSame && decides && !step.replace) return 'restored';
  const table = step.replace || isSame ? undefined : await findRows(tx, kept);
  if (table !== undefined) throw new Problem('already_exists', 'The tenant has rows already', { details: { table } });
  await tx.query(begin, [tx.tenantId, step.restoreId]);
  return 'emptying';
}

async function findRows(tx: Transaction, { tables }: TenantRows): Promise<string | undefined> {
  for (const { name } of tables) {
    if ((await tx.query(`SELECT 1 FROM ${name} WHERE tenant = $1 LIMIT 1`, [tx.tenantId])).rows.length > 0) return name;
  }
  return undefined;
}

function anotherOpen(restoreId: string): Problem {
  return new Problem('already_exists', 'Another restore of this tenant has begun and not ended', { details: { restoreId } });
}

async function open(tx: Transaction, restoreId: string): Promise<Row> {
  const known = await own(tx, restoreId);
  if (known.ended_at !== null) throw notOpen();
  return known;
}

/** The restore, open or ended. */
async function own(tx: Transaction, restoreId: string): Promise<Row> {
  const known = (await tx.query<Row>(find, [tx.tenantId])).rows[0];
  if (known === undefined) throw notOpen();
  if (known.restore_id === restoreId) return known;
  throw known.ended_at === null ? anotherOpen(known.restore_id) : notOpen();
}

function notOpen(): Problem {
  return new Problem('not_found', 'This restore is not open');
}

/** Those that refer to others first. Answers `false` where the time was not enough. */
async function emptyAll(
  database: Database,
  tenantId: TenantId,
  { tables, emptied: more = [] }: TenantRows,
  budgetMs: number,
  check: (tx: Transaction) => Promise<unknown>,
): Promise<boolean> {
  const untilMs = performance.now() + budgetMs;
  for (const table of [...more, ...tables.map(({ name }) => name).reverse()]) {
    const some = emptyTable(table);
    for (let left = true; left;) {
      if (performance.now() > untilMs) return false;
      left = await database.transaction(
        tenantId,
        async (tx) => {
          await check(tx);
          return Object.values(await some(tx)).some((rows) => rows > 0);
        },
        { attempts: 3 },
      );
    }
  }
  return true;
}

async function insertRows(tx: Transaction, { tables }: TenantRows, step: Extract<RestoreStep, { step: 'rows' }>): Promise<void> {
  const table = tables.find(({ name }) => name === step.table);
  if (table === undefined) throw new Problem('invalid_argument', `This version keeps no table ${step.table}`);
  if ((await open(tx, step.restoreId)).emptied_at === null) throw new Problem('locked', 'The restore is still emptying');
  const [first] = step.rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const { rows: known } = await tx.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table.name],
  );
  const unknown = columns.find((column) => !known.some(({ name }) => name === column));
  if (unknown !== undefined) throw new Problem('invalid_argument', `This version has no column ${unknown} in ${table.name}`);
  await tx.query(insertOf(table, columns), [tx.tenantId, JSON.stringify(step.rows)]);
}

function insertOf({ name, restored = `'{}'::jsonb` }: TenantTable, columns: readonly string[]): string {
  const listed = columns.map((column) => `"${column}"`).join(', ');
  return `INSERT INTO ${name} (tenant, ${listed}) OVERRIDING SYSTEM VALUE
    SELECT $1::uuid, ${columns.map((column) => `r."${column}"`).join(', ')}
    FROM jsonb_array_elements($2::jsonb) AS one (value),
      jsonb_populate_record(NULL::${name}, one.value || ${restored}) AS r
    ON CONFLICT DO NOTHING`;
}

async function ended(tx: Transaction, { tables, derive = [] }: TenantRows, restoreId: string): Promise<RestoreState> {
  const known = (await tx.query<Row>(find, [tx.tenantId])).rows[0];
  const isEnded = known?.restore_id === restoreId && known.ended_at !== null;
  if (!isEnded) {
    if ((await open(tx, restoreId)).emptied_at === null) throw new Problem('locked', 'The restore is still emptying');
    for (const text of derive) await tx.query(text, [tx.tenantId]);
    await tx.query(end, [tx.tenantId]);
  }
  const rows: Record<string, number> = {};
  for (const { name } of tables) {
    const counted = await tx.query<{ count: number }>(`SELECT count(*) FROM ${name} WHERE tenant = $1`, [tx.tenantId]);
    rows[name] = counted.rows[0]?.count ?? 0;
  }
  return { state: 'restored', rows };
}
