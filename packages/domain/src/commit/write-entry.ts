import type { Body, Entry, Place, Trashed } from '../entry.ts';
import type { ChangeAction } from '../change.ts';
import type { EntryId, WriteId } from '../ids.ts';
import type { Outcome } from '../operation.ts';
import { checkNewId, checkPlace, checkRoom, checkSeen, checkWholePlace } from './checks.ts';
import { conflict, invalid } from './answers.ts';
import type { Working } from './working.ts';

type Write = { readonly entryId: EntryId; readonly writeId: WriteId };

/** Makes a new entry at a place: the part that createFolder, putFile, putSymlink, putMount and copy share. */
export function createEntry(work: Working, op: Write & Place, body: Body): Outcome {
  const taken = checkNewId(work, op.entryId);
  if (taken !== undefined) return taken;
  const place = checkPlace(work, op.entryId, op.parentId, op.name);
  if (!place.ok) return place.outcome;
  const noRoom = checkRoom(work, undefined, body);
  if (noRoom !== undefined) return noRoom;
  const entry: Entry = {
    entryId: op.entryId,
    ...place.found,
    rev: 1,
    contentRev: 1,
    placeRev: 1,
    seq: work.seq + 1,
    trashed: undefined,
    body,
  };
  return work.put(undefined, entry, 'created', op.writeId);
}

type Edit = Write & { readonly parentId?: EntryId | undefined; readonly name?: string | undefined; readonly baseRev: number };

/**
 * Gives a live entry new content, and a new place when the operation names one. The content must be the newest the
 * writer had seen; a rename in between does not matter (the edit is rebased over it) unless the writer renames too.
 */
export function editEntry(work: Working, op: Edit, before: Entry, body: Body): Outcome {
  const wanted = checkWholePlace(op);
  if (!wanted.ok) return wanted.outcome;
  if (before.body.kind !== body.kind) return invalid(`the entry is a ${before.body.kind}`);
  const stale = checkSeen(before, op.baseRev, before.contentRev);
  if (stale !== undefined) return stale;
  let place: Place | undefined;
  if (wanted.found !== undefined) {
    const checked = checkPlace(work, before.entryId, wanted.found.parentId, wanted.found.name);
    if (!checked.ok) return checked.outcome;
    const moves = checked.found.parentId !== before.parentId || checked.found.name !== before.name;
    if (moves && op.baseRev < before.placeRev) return conflict(before, false);
    if (moves) place = checked.found;
  }
  const noRoom = checkRoom(work, before, body);
  if (noRoom !== undefined) return noRoom;
  return putNext(work, op.writeId, before, { body, place }, 'content');
}

/** What the next state of an entry differs in. `trashed: null` takes it out of the trash. */
export type Next = { readonly body?: Body; readonly place?: Place | undefined; readonly trashed?: Omit<Trashed, 'seq'> | null };

/** Writes the next state of an entry and keeps its counters: content, place, or both have moved. */
export function putNext(work: Working, writeId: WriteId, before: Entry, next: Next, action: ChangeAction): Outcome {
  const rev = before.rev + 1;
  const seq = work.seq + 1;
  const moved = next.place !== undefined || next.trashed !== undefined;
  const trashed = next.trashed === undefined ? before.trashed : next.trashed === null ? undefined : { ...next.trashed, seq };
  const after: Entry = {
    ...before,
    ...next.place,
    rev,
    seq,
    contentRev: next.body === undefined ? before.contentRev : rev,
    placeRev: moved ? rev : before.placeRev,
    trashed,
    body: next.body ?? before.body,
  };
  return work.put(before, after, action, writeId);
}
