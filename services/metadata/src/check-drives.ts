import type { DriveId, TenantId, UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import type { AnswerOf, Routes } from '@driftbox/protocol';
import type { Drift } from './measure-drift.ts';
import { checkDrive } from './store/check-drive.ts';
import { listDriveIds, measureDrive } from './store/measure-drift.ts';

type Answer = AnswerOf<Routes['checkDrives']>;
type CheckedRow = { readonly owner: UserId; readonly missing: number; readonly first_seq: number | null; readonly entries: number };

/** Checks the next drives of a tenant after one: journal without a gap, entries that fit it, lines that equal the rows. */
export async function checkDrives(
  database: Database,
  tenantId: TenantId,
  after: DriveId | undefined,
  limit: number,
  signal: AbortSignal,
): Promise<Answer> {
  const { rows } = await database.withTenant<{ drive_id: DriveId }>(tenantId, listDriveIds, [tenantId, after ?? null, limit], { signal });
  const findings: Answer['findings'] = [];
  for (const { drive_id: drive } of rows) findings.push(...(await checkOne(database, tenantId, drive, signal)));
  const last = rows.at(-1)?.drive_id;
  return { drives: rows.length, findings, ...(last === undefined || rows.length < limit ? {} : { last }) };
}

async function checkOne(database: Database, tenantId: TenantId, drive: DriveId, signal: AbortSignal): Promise<Answer['findings']> {
  const [row] = (await database.withTenant<CheckedRow>(tenantId, checkDrive, [tenantId, drive], { signal })).rows;
  const [drift] = (await database.withTenant<Drift>(tenantId, measureDrive, [tenantId, drive], { signal })).rows;
  // It has ended meanwhile.
  if (row === undefined || drift === undefined) return [];
  const about = { drive, owner: row.owner, repaired: false as const };
  return [
    ...(row.missing === 0 ? [] : [{ problem: 'journal_gap' as const, changes: row.missing, firstSeq: row.first_seq ?? 1, ...about }]),
    ...(row.entries === 0 ? [] : [{ problem: 'tree_broken' as const, entries: row.entries, ...about }]),
    ...(drift.bytes === 0 && drift.files === 0 ? [] : [{ problem: 'drive_ledger_drift' as const, ...drift, ...about }]),
  ];
}
