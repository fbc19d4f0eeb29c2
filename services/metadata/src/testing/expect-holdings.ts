import { expect } from '@jest/globals';
import type { TenantId } from '@driftbox/domain';
import type { TestDatabase } from '@driftbox/testkit';

type HeldRow = { holder_id: string; bytes: number };

/** What the rows say is held, against what the holdings say, by user and for the tenant; answers the tenant's bytes. */
export async function expectHoldings(db: TestDatabase, tenantId: TenantId): Promise<number> {
  const counted = await db.adminQuery<HeldRow>(
    `WITH lines AS (
      SELECT d.owner,
        d.current_bytes + d.history_bytes + d.trash_bytes + d.allowance_bytes
        + coalesce((SELECT sum(left_bytes) FROM reservations r WHERE r.drive_id = d.drive_id), 0) AS bytes
      FROM drives d WHERE tenant = $1
    ) SELECT owner AS holder_id, sum(bytes)::bigint AS bytes FROM lines GROUP BY owner
    UNION ALL SELECT $1, sum(bytes)::bigint FROM lines ORDER BY 1`,
    [tenantId],
  );
  const held = await db.adminQuery<HeldRow>('SELECT holder_id, held_bytes AS bytes FROM holdings WHERE tenant = $1 ORDER BY 1', [tenantId]);
  // Who never held anything has no row.
  const some = ({ bytes }: HeldRow): boolean => bytes > 0;
  expect(held.filter(some)).toEqual(counted.filter(some));
  await expectFiles(db, tenantId);
  return counted.find((row) => row.holder_id === tenantId)!.bytes;
}

/** The same for the number of files, which the tenant alone holds; `counted` once more from the entries. */
export async function expectFiles(db: TestDatabase, tenantId: TenantId): Promise<number> {
  const [row] = await db.adminQuery<{ held: number | null; ledger: number; entries: number; allowances: number }>(
    `SELECT (SELECT held_files FROM holdings WHERE tenant = $1 AND holder_id = $1) AS held,
      (SELECT coalesce(sum(current_files + trash_files), 0)::bigint FROM drives WHERE tenant = $1) AS ledger,
      (SELECT count(*) FROM entries WHERE tenant = $1 AND kind = 0) AS entries,
      (SELECT coalesce(sum(allowance_files), 0)::bigint FROM drives WHERE tenant = $1) AS allowances`,
    [tenantId],
  );
  expect(row!.ledger).toBe(row!.entries);
  expect(row!.held ?? 0).toBe(row!.ledger + row!.allowances);
  return row!.entries;
}
