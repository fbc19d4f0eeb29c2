import type { TenantId, UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import type { AnswerOf, Routes } from '@driftbox/protocol';
import { createDrive } from './create-drive.ts';
import { keysOf, pageFrom } from './cursor.ts';
import { presentDrive, type AccessRow } from './present-drive.ts';
import { listAccess } from './store/read-access.ts';

/** The drives a user may read, the home drive first; a first page without a home drive makes it. */
export async function listDrives(
  database: Database,
  tenantId: TenantId,
  userId: UserId,
  cursor: string | undefined,
  limit: number,
  signal?: AbortSignal,
): Promise<AnswerOf<Routes['listDrives']>> {
  const [other, name, driveId] = keysOf(cursor, ['number', 'string', 'string']) ?? [null, null, null];
  const values = [tenantId, userId, other, name, driveId, limit + 1];
  let { rows } = await database.withTenant<AccessRow & { other: boolean }>(tenantId, listAccess, values, { signal });
  if (cursor === undefined && (rows[0] === undefined || rows[0].other)) {
    await database.transaction(tenantId, (tx) => createDrive(tx, userId, 'home', 'Home'), { signal });
    ({ rows } = await database.withTenant<AccessRow & { other: boolean }>(tenantId, listAccess, values, { signal }));
  }
  return pageFrom(rows, limit, presentDrive, (row) => [Number(row.other), row.name, row.drive_id]);
}
