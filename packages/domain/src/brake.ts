import type { CommitDone } from './commit/result.ts';
import type { CommitState } from './commit/state.ts';
import { bytesOf, type Entry } from './entry.ts';
import type { EntryId } from './ids.ts';

/**
 * When deleting and rewriting is improbable enough to hold the device that does it. A device may take the content of `files` files
 * away in each drive within `windowMinutes`, or of `percent` of the drive's files where that is more, but never of more than
 * `mostFiles`.
 */
export type BrakePolicy = {
  readonly on: boolean;
  readonly files: number;
  readonly percent: number;
  readonly mostFiles: number;
  readonly windowMinutes: number;
};

/** High enough for a day's tidying, low enough that an intruder who encrypts everything is stopped early. */
export const defaultBrakePolicy: BrakePolicy = { on: true, files: 1_000, percent: 25, mostFiles: 20_000, windowMinutes: 60 };

/** What one device took away in one drive since a window opened, when the drive was at `sinceSeq` and had `driveFiles` files. */
export type Activity = {
  readonly sinceMs: number;
  readonly sinceSeq: number;
  readonly driveFiles: number;
  readonly lostFiles: number;
  /** When the device first moved something or took something away in this window. */
  readonly touchedMs: number | undefined;
};

/** `held`: the commit is not to be written, nor any other of the device. */
export type BrakeVerdict = { readonly verdict: 'go' | 'held'; readonly activity: Activity; readonly limitFiles: number };

/** What a device did in its current window: a new one opens when the last is over. */
export function currentActivity(policy: BrakePolicy, last: Activity | undefined, drive: CommitState['drive'], nowMs: number): Activity {
  if (last !== undefined && nowMs < last.sinceMs + policy.windowMinutes * 60_000) return last;
  return { sinceMs: nowMs, sinceSeq: drive.seq, driveFiles: drive.ledger.current.files, lostFiles: 0, touchedMs: undefined };
}

/** How many files' content a device may take away in a window. */
export function brakeLimit(policy: BrakePolicy, driveFiles: number): number {
  return Math.min(Math.max(policy.files, Math.floor((driveFiles * policy.percent) / 100)), policy.mostFiles);
}

/** Whether a commit that takes away the content of `lostFiles` files may be written after what the device did before. */
export function judgeByBrake(policy: BrakePolicy, before: Activity, lostFiles: number): BrakeVerdict {
  const limitFiles = brakeLimit(policy, before.driveFiles);
  const activity = { ...before, lostFiles: before.lostFiles + lostFiles };
  const isHeld = policy.on && lostFiles > 0 && activity.lostFiles > limitFiles;
  return { verdict: isHeld ? 'held' : 'go', activity, limitFiles };
}

/** What a commit takes away. */
export type Lost = { readonly files: number; readonly folders: readonly EntryId[] };

/**
 * Of how many files a commit takes the content away: replaced by other content, put into the trash with all below it, or removed
 * for good. What was written since the window opened does not count, so that a program that saves the same file again and again,
 * or removes what it just made, is not taken for an intruder; nor does a file that was empty, nor what went into the trash since the
 * window opened and is now removed from there: it was counted then. Folders are counted with all their files, whenever those were
 * written: `folders` says which, so that who can look closer may.
 */
export function countLost(state: Pick<CommitState, 'entries' | 'sums'>, done: CommitDone, sinceSeq: number): Lost {
  const before = new Map(state.entries.map((entry) => [entry.entryId, entry]));
  const sums = new Map(state.sums.map((one) => [one.entryId, one]));
  const lost = (entryId: EntryId, below: 'kept' | 'all'): number => {
    const entry = before.get(entryId);
    if (entry === undefined) return 0;
    const known = isKnown(entry, sinceSeq);
    if (entry.body.kind === 'file') return known || isFresh(entry, sinceSeq) ? 0 : 1;
    const sum = sums.get(entryId);
    return (sum?.[below].files ?? 0) - (known ? (sum?.kept.files ?? 0) : 0);
  };
  const rewritten = new Set(done.revisions.filter(({ charged }) => charged).map(({ entryId }) => entryId));
  const trashed = done.entries.filter(({ entryId, trashed: now }) => now !== undefined && before.get(entryId)?.trashed === undefined);
  const gone = new Map<EntryId, 'kept' | 'all'>();
  for (const entryId of rewritten) gone.set(entryId, 'kept');
  for (const { entryId } of trashed) gone.set(entryId, 'kept');
  // What the same commit brought into a folder first goes with it.
  const after = new Map(done.entries.map((entry) => [entry.entryId, entry]));
  const above = (entryId: EntryId): Entry | undefined => after.get(entryId) ?? before.get(entryId);
  const roots = new Set(trashed.map(({ entryId }) => entryId));
  for (const { entryId, parentId, trashed: now } of done.entries) {
    if (now !== undefined) continue;
    for (let at = above(parentId); at !== undefined; at = above(at.parentId)) if (roots.has(at.entryId)) gone.set(entryId, 'kept');
  }
  for (const entryId of done.purged) gone.set(entryId, 'all');
  const counted = [...gone]
    .filter(([entryId]) => !isCountedAbove(before, gone, entryId))
    .map(([id, below]) => ({ id, count: lost(id, below) }));
  const files = counted.reduce((sum, { count }) => sum + count, 0);
  const folders = counted.filter(({ id, count }) => {
    const entry = before.get(id);
    return count > 0 && entry?.body.kind === 'folder' && !isKnown(entry, sinceSeq);
  });
  return { files, folders: folders.map(({ id }) => id) };
}

/** Whether a folder that goes too counts an entry already: by all that is in it, or by what is reached without passing the trash. */
function isCountedAbove(before: ReadonlyMap<EntryId, Entry>, gone: ReadonlyMap<EntryId, 'kept' | 'all'>, entryId: EntryId): boolean {
  let isReached = true;
  for (let at = before.get(entryId); at !== undefined; at = before.get(at.parentId)) {
    const how = at.entryId === entryId ? undefined : gone.get(at.entryId);
    if (how === 'all' || (how === 'kept' && isReached)) return true;
    isReached &&= at.trashed === undefined;
  }
  return false;
}

/** Its content is younger than the window. One that was moved since is older, as far as can be told. */
function isFresh({ body, rev, contentRev, seq }: Entry, sinceSeq: number): boolean {
  return bytesOf(body) === 0 || (rev === contentRev && seq > sinceSeq);
}

/** It went into the trash since the window opened, and was counted then. */
function isKnown({ trashed }: Entry, sinceSeq: number): boolean {
  return trashed !== undefined && trashed.seq > sinceSeq;
}
