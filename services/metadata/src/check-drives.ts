import type { DriveId, TenantId, UserId } from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import type { AnswerOf, Routes } from '@driftbox/protocol';
import type { Drift } from './measure-drift.ts';
import { checkDrive } from './store/check-drive.ts';
import { lockDrive } from './store/lock-drive.ts';
import { listDriveIds, lockAllHoldings, measureDrive, measureHoldings, repairHoldings } from './store/measure-drift.ts';
import { repairDrive } from './store/repair-drive.ts';

type Answer = AnswerOf<Routes['checkDrives']>;
type CheckedRow = { readonly owner: UserId; readonly missing: number; readonly first_seq: number | null; readonly entries: number };

type Request = { readonly after?: DriveId | undefined; readonly limit: number; readonly repair: boolean };

/**
 * Checks the next drives of a tenant after one: journal without a gap, entries that fit it, lines that equal the rows; after the last
 * also what the tenant and its people hold. `repair` brings lines and holdings to what the rows say, while people go on.
 */
export async function checkDrives(database: Database, tenantId: TenantId, request: Request, signal: AbortSignal): Promise<Answer> {
  const { after, limit, repair } = request;
  const { rows } = await database.withTenant<{ drive_id: DriveId }>(tenantId, listDriveIds, [tenantId, after ?? null, limit], { signal });
  const findings: Answer['findings'] = [];
  for (const { drive_id: drive } of rows) findings.push(...(await checkOne(database, tenantId, drive, repair, signal)));
  const last = rows.length < limit ? undefined : rows.at(-1)?.drive_id;
  if (last === undefined) findings.push(...(await checkHoldings(database, tenantId, repair, signal)));
  return { drives: rows.length, findings, ...(last === undefined ? {} : { last }) };
}

async function checkOne(
  database: Database,
  tenantId: TenantId,
  drive: DriveId,
  repair: boolean,
  signal: AbortSignal,
): Promise<Answer['findings']> {
  const [row] = (await database.withTenant<CheckedRow>(tenantId, checkDrive, [tenantId, drive], { signal })).rows;
  const [drift] = (await database.withTenant<Drift>(tenantId, measureDrive, [tenantId, drive], { signal })).rows;
  // It has ended meanwhile.
  if (row === undefined || drift === undefined) return [];
  const isOff = drift.bytes !== 0 || drift.files !== 0;
  if (isOff && repair) {
    const repairOne = async (tx: Transaction): Promise<void> => {
      await tx.query(lockDrive, [tenantId, drive]);
      await tx.last(repairDrive, [tenantId, drive]);
    };
    await database.transaction(tenantId, repairOne, { signal });
  }
  const about = { drive, owner: row.owner };
  const lost = { ...about, repaired: false as const };
  return [
    ...(row.missing === 0 ? [] : [{ problem: 'journal_gap' as const, changes: row.missing, firstSeq: row.first_seq ?? 1, ...lost }]),
    ...(row.entries === 0 ? [] : [{ problem: 'tree_broken' as const, entries: row.entries, ...lost }]),
    ...(isOff ? [{ problem: 'drive_ledger_drift' as const, ...drift, ...about, repaired: repair }] : []),
  ];
}

async function checkHoldings(database: Database, tenantId: TenantId, repair: boolean, signal: AbortSignal): Promise<Answer['findings']> {
  const [drift] = (await database.withTenant<Drift>(tenantId, measureHoldings, [tenantId], { signal })).rows;
  if (drift === undefined || (drift.bytes === 0 && drift.files === 0)) return [];
  const repairAll = async (tx: Transaction): Promise<void> => {
    await tx.query(lockAllHoldings, [tenantId]);
    await tx.last(repairHoldings, [tenantId]);
  };
  if (repair) await database.transaction(tenantId, repairAll, { signal });
  return [{ problem: 'holdings_drift', ...drift, repaired: repair }];
}
