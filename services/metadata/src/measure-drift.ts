import type { DriveId, TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { listDriveIds, measureDrive, measureHoldings } from './store/measure-drift.ts';
import { present } from './store/present.ts';

/** How far ledgers are from a recount. Anything but zero is a defect. */
export type Drift = { readonly bytes: number; readonly files: number };

const page = 100;

/**
 * Holds a tenant's logical ledgers against a recount, drive by drive and then what its users and itself hold. Each comparison is
 * one statement, and so of one moment: what goes on meanwhile makes no difference.
 */
export async function measureDrift(database: Database, tenantId: TenantId, signal?: AbortSignal): Promise<Drift> {
  const measured: Drift[] = [];
  for (let last: DriveId | null = null; signal?.aborted !== true;) {
    const drives: { drive_id: DriveId }[] = (
      await database.withTenant<{ drive_id: DriveId }>(tenantId, listDriveIds, [tenantId, last, page])
    ).rows;
    for (const { drive_id: driveId } of drives) {
      measured.push(...(await database.withTenant<Drift>(tenantId, measureDrive, [tenantId, driveId], { signal })).rows);
    }
    if (drives.length < page) break;
    last = present(drives.at(-1)).drive_id;
  }
  measured.push(...(await database.withTenant<Drift>(tenantId, measureHoldings, [tenantId], { signal })).rows);
  return measured.reduce((sum, one) => ({ bytes: sum.bytes + one.bytes, files: sum.files + one.files }), { bytes: 0, files: 0 });
}
