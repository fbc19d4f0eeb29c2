import type { Body, Entry, Place } from '../entry.ts';
import type { EntryId } from '../ids.ts';
import { parseName } from '../name.ts';
import type { Outcome } from '../operation.ts';
import { conflict, found, invalid, notFound, refuse } from './answers.ts';
import type { Checked } from './answers.ts';
import { sameContent } from './working.ts';
import type { Working } from './working.ts';

/** The id is free: never used in this tenant, and not the root's. */
export function checkNewId(work: Working, entryId: EntryId): Outcome | undefined {
  const { rootId } = work.state.drive;
  const used = entryId === rootId || work.find(entryId) !== undefined || work.isPurged(entryId) || work.elsewhere.has(entryId);
  return used ? { outcome: 'already_exists' } : undefined;
}

/** The entry exists in this drive, live or in the trash. */
export function checkExists(work: Working, entryId: EntryId): Checked<Entry> {
  if (entryId === work.state.drive.rootId) return refuse(invalid('the root of a drive cannot be changed'));
  const entry = work.find(entryId);
  if (entry !== undefined) return found(entry);
  const elsewhere = work.elsewhere.get(entryId);
  if (typeof elsewhere === 'object') return refuse({ outcome: 'moved', drive: elsewhere.movedTo });
  return refuse(notFound());
}

/** The entry exists and is live; one in the trash is a conflict, because an edit beats a delete: the writer decides. */
export function checkLive(work: Working, entryId: EntryId): Checked<Entry> {
  const checked = checkExists(work, entryId);
  if (!checked.ok || work.standing(entryId).live) return checked;
  return refuse(conflict(checked.found, true));
}

/** The writer had seen the state numbered `since` or a later one, and none that does not exist yet. */
export function checkSeen(entry: Entry, baseRev: number, since: number): Outcome | undefined {
  return baseRev >= since && baseRev <= entry.rev ? undefined : conflict(entry, false);
}

/**
 * `entryId` may stand at this place: the name is a name, the parent a live folder that is not inside the entry itself,
 * the path not too deep, the name free. Answers the place with the normalised name.
 */
export function checkPlace(work: Working, entryId: EntryId, parentId: EntryId, text: string): Checked<Place> {
  const parsed = parseName(text);
  if (!parsed.ok) return refuse(invalid(parsed.detail));
  const parent = checkParent(work, entryId, parentId);
  if (parent !== undefined) return refuse(parent);
  const place = { parentId, name: parsed.name };
  const taker = work.childAt(place);
  if (taker !== undefined && taker !== entryId) return refuse({ outcome: 'name_taken', entryId: taker });
  return found(place);
}

function checkParent(work: Working, entryId: EntryId, parentId: EntryId): Outcome | undefined {
  if (parentId !== work.state.drive.rootId) {
    const parent = work.find(parentId);
    if (parent === undefined) {
      const elsewhere = work.elsewhere.get(parentId);
      return typeof elsewhere === 'object' ? { outcome: 'moved', drive: elsewhere.movedTo } : notFound('the parent folder does not exist');
    }
    if (parent.body.kind !== 'folder') return invalid('the parent is not a folder');
    // Before liveness: what is being untrashed is itself the trashed ancestor of what is inside it.
    const isFolder = work.find(entryId)?.body.kind === 'folder';
    if (isFolder && work.isUnder(parentId, entryId)) return invalid('a folder cannot be moved into itself');
  }
  const { live, depth } = work.standing(parentId);
  if (!live) return notFound('the parent folder is in the trash');
  return depth + 1 > work.request.limits.depth ? invalid(`a path is at most ${work.request.limits.depth} levels deep`) : undefined;
}

/**
 * Both fields of a place, neither, or an error. Half a place is refused rather than completed from the row: what the
 * other half is may have changed since the writer looked.
 */
export function checkWholePlace(op: {
  readonly parentId?: EntryId | undefined;
  readonly name?: string | undefined;
}): Checked<Place | undefined> {
  if (op.parentId === undefined && op.name === undefined) return found(undefined);
  if (op.parentId === undefined || op.name === undefined) return refuse(invalid('parentId and name are given both or neither'));
  return found({ parentId: op.parentId, name: op.name });
}

/** The new content fits into a file, and into what the drive may still grow by, in bytes and in files. Shrinking needs no room. */
export function checkRoom(work: Working, before: Entry | undefined, body: Body): Outcome | undefined {
  if (body.kind !== 'file') return undefined;
  const { content } = body;
  const { fileBytes } = work.request.limits;
  if (content.sizeBytes > fileBytes) return { outcome: 'too_large', detail: `a file has at most ${fileBytes} bytes` };
  const { budget } = work.request;
  const { files } = budget;
  if (before === undefined && files !== undefined && work.grownFiles + 1 > files.growFiles)
    return { outcome: 'quota_exceeded', limit: 'files', limitFiles: files.limitFiles, usedFiles: files.usedFiles };
  // What a new content replaces stays as history: the drive grows by all of it.
  const growsBy = sameContent(before?.body, body) ? 0 : content.sizeBytes;
  if (growsBy === 0 || work.grownBytes + growsBy <= budget.growBytes) return undefined;
  return { outcome: 'quota_exceeded', limit: budget.limit, limitBytes: budget.limitBytes, usedBytes: budget.usedBytes };
}
