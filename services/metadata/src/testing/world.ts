import { randomUUID } from 'node:crypto';
import {
  parseDriveId,
  parseEntryId,
  parseTenantId,
  parseUserId,
  parseWriteId,
  type DriveId,
  type EntryId,
  type TenantId,
  type UserId,
  type WriteId,
} from '@driftbox/domain';
import type { CheckedOperation } from '@driftbox/protocol';
import { createTestDatabase, type TestDatabase } from '@driftbox/testkit';
import { commitDrive } from '../commit-drive.ts';
import type { CommitInput, CommitOutcome } from '../commit-input.ts';
import { createDrive } from '../create-drive.ts';

export const newTenant = (): TenantId => parseTenantId(randomUUID())!;
export const newUser = (): UserId => parseUserId(randomUUID())!;
export const newEntry = (): EntryId => parseEntryId(randomUUID())!;
export const newWrite = (): WriteId => parseWriteId(randomUUID())!;

/** A tenant with one user and an empty drive of theirs. */
export type World = {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly driveId: DriveId;
  readonly rootId: EntryId;
  readonly epoch: string;
};

export const openTestDatabase = (): Promise<TestDatabase> =>
  createTestDatabase({ service: 'metadata', migrations: new URL('../../migrations', import.meta.url) });

export async function newWorld(
  db: TestDatabase,
  limits: { userBytes?: number; tenantBytes?: number; files?: number } = {},
): Promise<World> {
  const tenantId = newTenant();
  const userId = newUser();
  await db.adminQuery(
    `INSERT INTO tenants (tenant, name, logical_bytes, user_bytes, file_bytes, files, history_days, trash_days)
    VALUES ($1, 'acme', $2, $3, $4, $5, 180, 30)`,
    [tenantId, limits.tenantBytes ?? 2 ** 50, limits.userBytes ?? 2 ** 50, 2 ** 42, limits.files ?? 2 ** 42],
  );
  return { tenantId, userId, ...(await addDrive(db, tenantId, userId)) };
}

export async function addDrive(
  db: TestDatabase,
  tenantId: TenantId,
  owner: UserId,
  kind: 'home' | 'shared' = 'home',
): Promise<Pick<World, 'driveId' | 'rootId' | 'epoch'>> {
  const driveId = await db.database.transaction(tenantId, (tx) => createDrive(tx, owner, kind, 'Files'));
  const [row] = await db.adminQuery<{ drive_id: string; root_id: string; epoch: string }>(
    'SELECT drive_id, root_id, epoch FROM drives WHERE drive_id = $1',
    [driveId],
  );
  return { driveId: parseDriveId(row!.drive_id)!, rootId: parseEntryId(row!.root_id)!, epoch: row!.epoch };
}

export function commitIn(
  db: TestDatabase,
  world: World,
  operations: readonly CheckedOperation[],
  over: Partial<CommitInput> = {},
): Promise<CommitOutcome> {
  const { tenantId, driveId, userId, epoch: driveEpoch } = world;
  return commitDrive(db.database, { tenantId, driveId, userId, driveEpoch, operations, atomic: false, ...over });
}
