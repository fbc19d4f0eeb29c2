import { parseDeviceId, parseDriveId, type TenantId, type UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, type AnswerOf, type Routes } from '@driftbox/protocol';
import { listCursors, type CursorRow } from './store/list-cursors.ts';

type Page = AnswerOf<Routes['listDeviceCursors']>;
type Asked = { readonly cursor?: string | undefined; readonly limit: number; readonly signal?: AbortSignal | undefined };

/** How far a user's devices have come, as they last said. Throws `invalid_argument` for a cursor that is none of ours. */
export async function listDeviceCursors(database: Database, tenantId: TenantId, userId: UserId, asked: Asked): Promise<Page> {
  const { cursor, limit, signal } = asked;
  const after = cursor === undefined ? undefined : placeOf(cursor);
  const values = [tenantId, userId, after?.device ?? null, after?.drive ?? null, limit + 1];
  const { rows } = await database.withTenant<CursorRow>(tenantId, listCursors, values, { signal });
  const items = rows.slice(0, limit).map(present);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? `${last.deviceId}:${last.drive}` : undefined };
}

function placeOf(cursor: string): { readonly device: string; readonly drive: string } {
  const [device = '', drive = ''] = cursor.split(':');
  if (parseDeviceId(device) === undefined || parseDriveId(drive) === undefined)
    throw new Problem('invalid_argument', 'The cursor is not one that this server gave');
  return { device, drive };
}

function present(row: CursorRow): Page['items'][number] {
  const deviceId = parseDeviceId(row.device_id);
  const drive = parseDriveId(row.drive_id);
  if (deviceId === undefined || drive === undefined) throw new Error('the database holds ids that are none');
  return { deviceId, drive, driveEpoch: row.drive_epoch, seq: row.seq, reportedAt: new Date(row.reported_at).toISOString() };
}
