import { randomUUID } from 'node:crypto';
import type { DriveId, EntryId, TenantId, UserId, WriteId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { commitDrive } from './commit-drive.ts';
import type { OnCommitted } from './commit-input.ts';
import { listBlindMounts } from './store/list-blind-mounts.ts';
import { present } from './store/present.ts';

type BlindRow = { entry_id: EntryId; rev: number; drive_id: DriveId; owner: UserId; epoch: string; seq: number };

/** Most mounts in one go; a sweep gets to what is left. */
const batch = 200;

/**
 * Removes mounts of these drives, or of any, from the homes of people who may not read what is mounted, as their owners would:
 * their clients are told by the journal. Done again before a role is given: a mount that was left by a removal that died would
 * come back to sight without a line in the journal, and no client would hear of it. Answers how many it tried.
 */
export async function dropMounts(
  database: Database,
  tenantId: TenantId,
  mounted: readonly DriveId[] | undefined,
  onCommitted: OnCommitted,
): Promise<number> {
  const { rows } = await database.withTenant<BlindRow>(tenantId, listBlindMounts, [tenantId, mounted ?? null, batch]);
  for (const [driveId, mounts] of Map.groupBy(rows, (row) => row.drive_id)) {
    const { owner, epoch, seq } = present(mounts[0]);
    const write = (): WriteId => randomUUID() as string as WriteId;
    const operations = mounts.flatMap(({ entry_id: entryId, rev }) => [
      { op: 'delete' as const, entryId, writeId: write(), baseRev: rev, seenSeq: seq },
      { op: 'purge' as const, entryId, writeId: write() },
    ]);
    await commitDrive(database, { tenantId, driveId, userId: owner, driveEpoch: epoch, operations, atomic: false }, onCommitted);
  }
  return rows.length;
}
