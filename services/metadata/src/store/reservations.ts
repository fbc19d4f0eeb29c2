import { statement } from '@driftbox/postgres';

/** What an upload reserved in all, and what of it is not committed. */
export type ReservationRow = { readonly size_bytes: number; readonly left_bytes: number };

export const readReservation = statement({
  name: 'metadata.read-reservation',
  text: 'SELECT size_bytes, left_bytes FROM reservations WHERE tenant = $1 AND drive_id = $2 AND upload_id = $3',
});

export const putReservation = statement({
  name: 'metadata.put-reservation',
  text: `INSERT INTO reservations (tenant, drive_id, upload_id, size_bytes, left_bytes, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (tenant, drive_id, upload_id) DO UPDATE SET size_bytes = excluded.size_bytes, left_bytes = excluded.left_bytes,
    expires_at = excluded.expires_at`,
});

export const dropReservation = statement({
  name: 'metadata.drop-reservation',
  text: 'DELETE FROM reservations WHERE tenant = $1 AND drive_id = $2 AND upload_id = $3',
});

/** Reservations of one tenant whose time has passed, a few at a time. */
export const listExpiredReservations = statement({
  name: 'metadata.list-expired-reservations',
  text: 'SELECT drive_id, upload_id FROM reservations WHERE tenant = $1 AND expires_at < now() ORDER BY expires_at LIMIT $2',
});
