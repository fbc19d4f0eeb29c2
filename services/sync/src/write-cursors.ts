import type { Database } from '@driftbox/postgres';
import type { DeviceCursor, WriteCursors } from './cursor-book.ts';
import { writeCursors as statement } from './store/write-cursors.ts';

/** Writes cursors to the database, one statement for all of them. */
export function writeCursors(database: Database): WriteCursors {
  return async (tenantId, cursors) => {
    const column = (value: (cursor: DeviceCursor) => unknown): unknown[] => cursors.map(value);
    const values = [
      tenantId,
      column(({ deviceId }) => deviceId),
      column(({ userId }) => userId),
      column(({ drive }) => drive),
      column(({ driveEpoch }) => driveEpoch),
      column(({ seq }) => seq),
      column(({ atMs }) => new Date(atMs)),
    ];
    await database.withTenant(tenantId, statement, values, { readOnly: false });
  };
}
