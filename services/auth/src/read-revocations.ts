import { parseSessionId, parseUserId, type SessionId, type UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { ownId } from '@driftbox/service-kit';
import { listRevocations } from './store/list-revocations.ts';
import { listStandings, type Standing } from './store/list-standings.ts';

/** A transaction may commit this much later than the time it wrote: what is asked again overlaps by it. */
export const overlapMs = 35_000;
/** A revocation is of use for the life of an access token; a newcomer is told of this much. */
export const revocationLifeMs = 20 * 60_000;
const pageRows = 10_000;

type Place = { readonly atMs: number; readonly id: number };

function parsePlace(cursor: string): Place {
  const [, at, id] = /^([0-9]{1,15})\.([0-9]{1,15})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined) throw new Problem('invalid_argument', 'query.after: is not a cursor of this list');
  return { atMs: Number(at), id: Number(id) };
}

/**
 * Revocations after `cursor`, and those shortly before it, which a slow transaction may have committed since: readers
 * hold a set, so a repetition changes nothing. At most 10,000; a full page goes on from its last row. With them the tenants
 * that were suspended or resumed since, as they stand now; without a cursor all that are suspended.
 */
export async function readRevocations(
  database: Database,
  cursor: string | undefined,
  nowMs: number,
): Promise<{ sessions: SessionId[]; users: UserId[]; tenants: Standing[]; nextCursor: string }> {
  const place = cursor === undefined ? { atMs: nowMs - revocationLifeMs, id: 0 } : parsePlace(cursor);
  const [rows, tenants] = await Promise.all([
    listRevocations(database, place.atMs, place.id, pageRows),
    listStandings(database, cursor === undefined ? undefined : place.atMs),
  ]);
  const last = rows.at(-1);
  const full = rows.length === pageRows && last !== undefined;
  // Never from where the reader was: if the clock was set back since, that is a time that comes again.
  const next = full ? `${Math.floor(last.atMs)}.${last.id}` : `${nowMs - overlapMs}.0`;
  return {
    sessions: rows.filter((row) => row.kind === 'session').map((row) => ownId(parseSessionId, row.subject)),
    users: rows.filter((row) => row.kind === 'user').map((row) => ownId(parseUserId, row.subject)),
    tenants,
    nextCursor: next,
  };
}
