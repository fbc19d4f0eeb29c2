import { parseDriveId, parseEntryId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, type AnswerOf, type Change, type Routes } from '@driftbox/protocol';
import type { Reply } from '@driftbox/service-kit';
import { admit, readInDrive, type Asker } from './access-drive.ts';
import type { AccessReader } from './access-reader.ts';
import type { HotAnswers } from './hot-answers.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { AccessRow } from './present-drive.ts';
import { presentEntry } from './present-entry.ts';
import { stored, type EntryRow } from './store/entry-row.ts';
import { present } from './store/present.ts';
import { readFeed } from './store/read-feed.ts';

/**
 * A place in a drive's journal. `entryId` tells apart changes of one `seq` (a purge ends many entries at once).
 * `listedTo` is the head when a listing from nothing began: up to there what is not live is left out, not told.
 */
type Place = { readonly epoch: string; readonly seq: number; readonly entryId: string; readonly listedTo: number };
type FeedRow = EntryRow & {
  readonly id: string;
  readonly place: number;
  readonly live: boolean;
  readonly target_drive: string | null;
  readonly target_seq: number | null;
};

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

type Feed = AnswerOf<Routes['listChanges']>;

/**
 * What changed after a cursor, at most `limit` entries; without one the newest state of everything live. After a commit every
 * device that follows the drive asks for the same page.
 */
export async function listChanges(
  { database, access, hot }: { readonly database: Database; readonly access: AccessReader; readonly hot: HotAnswers },
  asker: Asker,
  after: string | undefined,
  limit: number,
): Promise<Feed | Reply> {
  const from = after === undefined ? undefined : placeOf(after);
  if (from === undefined) return readPage(database, asker, from, limit);
  // The question asked most: anything new? It needs the drive's head alone.
  const drive = admit(await access.read(asker), 'read');
  checkPlace(from, drive);
  if (from.entryId === lastId && drive.seq === from.seq) return { changes: [], nextCursor: cursorOf(from), head: drive.seq, more: false };
  // A whole drive is listed by one device at a time.
  if (from.seq < from.listedTo) return readPage(database, asker, from, limit);
  return hot.answer(asker, ['changes', asker.userId, after, limit], () => readPage(database, asker, from, limit), drive);
}

async function readPage(database: Database, asker: Asker, from: Place | undefined, limit: number): Promise<Feed> {
  const { drive, rows } = await readInDrive<FeedRow>(database, asker, readFeed, [
    from?.seq ?? 0,
    from?.entryId ?? lastId,
    limit + 1,
    asker.userId,
  ]);
  if (from !== undefined) checkPlace(from, drive);
  const page = rows.slice(0, limit);
  const more = rows.length > limit;
  const last = page.at(-1);
  // Head is read before the page: the page may hold what came in between, so it never stays behind its cursor.
  const head = Math.max(drive.seq, last?.place ?? 0);
  const listedTo = from?.listedTo ?? head;
  // A commit is visible whole: once a page ends the feed, nothing more can come at its last seq.
  const entryId = more ? (last?.id ?? lastId) : lastId;
  const end = { epoch: drive.epoch, seq: last?.place ?? from?.seq ?? 0, entryId, listedTo };
  const changes = page.flatMap((row) => presentChange(row, listedTo));
  return { changes, nextCursor: cursorOf(end), head, more };
}

/** Without a cursor `listedTo` is the head, and nothing up to there is told as gone; a finished listing tells all. */
function presentChange(row: FeedRow, listedTo: number): Change[] {
  if (row.live) return [{ change: 'put', seq: row.place, entry: presentEntry(row) }];
  if (row.place <= listedTo) return [];
  const gone = { seq: row.place, entryId: stored(parseEntryId, row.id) };
  if (row.target_drive === null) return [{ change: 'deleted', ...gone }];
  return [{ change: 'movedTo', ...gone, drive: stored(parseDriveId, row.target_drive), targetSeq: present(row.target_seq) }];
}

function checkPlace(place: Place, drive: AccessRow): void {
  const known = place.epoch === drive.epoch && place.seq <= drive.seq && (place.seq >= drive.horizon_seq || place.seq < place.listedTo);
  if (!known) throw new Problem('cursor_expired');
}

function cursorOf({ epoch, seq, entryId, listedTo }: Place): string {
  return encodeCursor([epoch, seq, entryId === lastId ? '' : entryId, listedTo]);
}

function placeOf(cursor: string): Place {
  const [epoch, seq, entryId, listedTo] = decodeCursor(cursor, ['string', 'number', 'string', 'number']) as [
    string,
    number,
    string,
    number,
  ];
  const valid = Number.isSafeInteger(seq) && seq >= 0 && (entryId === '' || parseEntryId(entryId) !== undefined);
  if (!valid) throw new Problem('invalid_argument', 'The cursor is not one that this server gave');
  return { epoch, seq, entryId: entryId === '' ? lastId : entryId, listedTo };
}
