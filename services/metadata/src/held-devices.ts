import { parseDriveId, parseUserId, type UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import type { AnswerOf, Routes } from '@driftbox/protocol';
import { keysOf, pageFrom } from './cursor.ts';
import { isAdministrator, type TenantAsker } from './require-administrator.ts';
import { listHeld, releaseDevice as releaseSql, type HeldRow } from './store/brakes.ts';
import { stored } from './store/entry-row.ts';

/** Whose devices the asker decides about: null for everybody's. */
function decidesFor({ actor }: TenantAsker): UserId | null {
  return isAdministrator(actor) ? null : actor.userId;
}

/** The devices that the brake holds, as far as the asker decides about them. */
export async function listHeldDevices(
  database: Database,
  asker: TenantAsker,
  cursor: string | undefined,
  limit: number,
): Promise<AnswerOf<Routes['listHeldDevices']>> {
  const [after] = keysOf(cursor, ['string']) ?? [null];
  const values = [asker.tenantId, decidesFor(asker), after, limit + 1];
  const { rows } = await database.withTenant<HeldRow>(asker.tenantId, listHeld, values, { signal: asker.signal });
  return pageFrom(
    rows,
    limit,
    (row) => ({
      deviceId: row.device,
      user: stored(parseUserId, row.user_id),
      drive: stored(parseDriveId, row.drive_id),
      heldAt: new Date(row.held_at).toISOString(),
      since: new Date(row.since).toISOString(),
      files: row.lost_files,
      limitFiles: row.limit_files,
    }),
    (row) => [row.device],
  );
}

/** Lets a held device go on, uncounted for as long as a window. Nothing happens where it is not held, or not the asker's. */
export async function releaseDevice(database: Database, asker: TenantAsker, device: string): Promise<AnswerOf<Routes['releaseDevice']>> {
  const { tenantId, signal } = asker;
  const { rows } = await database.withTenant<{ free_until: number }>(tenantId, releaseSql, [tenantId, device, decidesFor(asker)], {
    readOnly: false,
    signal,
  });
  const [row] = rows;
  return row === undefined ? {} : { freeUntil: new Date(row.free_until).toISOString() };
}
