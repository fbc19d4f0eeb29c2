import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { TenantId } from '@driftbox/domain';
import { createDatabase, type Database } from './database.ts';
import type { TenantLine, TenantRows } from './tenant-rows.ts';
import { checkTenant, type Transaction } from './transaction.ts';

/** The longest that one snapshot is kept: as long as that, the server cannot clean up what is deleted meanwhile. */
const snapshotMs = 6 * 3_600_000;
const statementMs = 600_000;
const rowsOfFetch = 250;
const charactersOfLine = 4 << 20;
const digestsOfFetch = 10_000;
const bufferedBytes = 4 << 20;

/**
 * Reads all that a service keeps of a tenant as it is at one moment, while others write on: lines of JSON (`TenantLine`), from one
 * snapshot on a connection of its own. Resolves once the snapshot is taken; its reader may be slow, and may leave.
 */
export async function readTenant(
  database: Database,
  tenantId: TenantId,
  kept: TenantRows,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const alone = createDatabase({
    ...database.connection,
    applicationName: 'backup',
    schema: database.schema,
    maxConnections: 1,
    statementTimeoutMs: statementMs,
    transactionTimeoutMs: snapshotMs,
  });
  const lines = new PassThrough({ highWaterMark: bufferedBytes });
  const left = new AbortController();
  lines.on('close', () => left.abort());
  const ready = Promise.withResolvers<void>();
  const reading = alone.transaction(
    tenantId,
    async (tx) => {
      // The first statement takes the snapshot.
      await tx.query('SELECT 1');
      ready.resolve();
      for await (const line of linesOf(tx, tenantId, kept)) {
        if (!lines.write(line)) await once(lines, 'drain', { signal: left.signal });
      }
    },
    { isolation: 'repeatable read', readOnly: true, attempts: 1, signal: AbortSignal.any([signal, left.signal]) },
  );
  const told = reading.then(
    () => void lines.end(),
    (error: Error) => {
      ready.reject(error);
      lines.destroy(error);
    },
  );
  told.then(() => alone.close()).catch(() => undefined);
  // What breaks before anybody reads is told by `ready`.
  lines.on('error', () => undefined);
  await ready.promise;
  return lines;
}

async function* linesOf(tx: Transaction, tenantId: TenantId, { tables, contents }: TenantRows): AsyncGenerator<string> {
  const counts: Record<string, number> = {};
  for (const { name, order, without = [] } of tables) {
    const dropped = ['tenant', ...without].map((column) => `'${column}'`).join(', ');
    const query = `SELECT (to_jsonb(t) - ARRAY[${dropped}])::text AS line FROM ${name} t
      WHERE tenant = '${checkTenant(tenantId)}' ORDER BY ${order}`;
    counts[name] = 0;
    for await (const rows of fetched(tx, query, rowsOfFetch)) {
      counts[name] += rows.length;
      for (const some of divided(rows)) yield `{"table":"${name}","rows":[${some.join(',')}]}\n`;
    }
  }
  if (contents !== undefined) {
    for await (const contentsOf of fetched(tx, contents, digestsOfFetch)) yield lineOf({ contents: contentsOf });
  }
  yield lineOf({ end: counts });
}

/** Rows in lines of bounded length, one of a single row that is longer excepted. */
function* divided(rows: readonly string[]): Generator<string[]> {
  let [open, length]: [string[], number] = [[], 0];
  for (const row of rows) {
    if (open.length > 0 && length + row.length > charactersOfLine) {
      yield open;
      [open, length] = [[], 0];
    }
    open.push(row);
    length += row.length;
  }
  yield open;
}

function lineOf(line: TenantLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** What a query of one column answers, some at a time. */
async function* fetched(tx: Transaction, query: string, most: number): AsyncGenerator<string[]> {
  await tx.query(`DECLARE kept NO SCROLL CURSOR FOR ${query}`);
  for (;;) {
    const { rows } = await tx.query<{ line: string }>(`FETCH ${most} FROM kept`);
    if (rows.length > 0) yield rows.map(({ line }) => line);
    if (rows.length < most) break;
  }
  await tx.query('CLOSE kept');
}
