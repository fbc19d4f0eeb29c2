import type { Body, Place } from './entry.ts';
import type { EntryId, WriteId } from './ids.ts';
import type { Operation } from './operation.ts';
import type { Revision } from './revision.ts';

/** True for a revision that is to be undone. */
export type IsTheirs = (revision: Revision) => boolean;

/** What an entry is to become so that somebody's work on it is undone; what is left out stays. */
export type Undoing = {
  /** Into the trash: who made it is undone, and nobody else touched it. */
  readonly remove?: true;
  /** Out of the trash. */
  readonly untrash?: true;
  readonly place?: Place;
  readonly body?: Body;
};

/**
 * Why some of somebody's work stays: others changed the same since; what was there before is past its retention; or it is in the
 * trash, where others put it.
 */
export type UndoConflict = 'changed_since' | 'history_gone' | 'in_trash';

export type UndoPlan = { readonly undoing: Undoing | undefined; readonly conflict: UndoConflict | undefined };

const nothing: UndoPlan = { undoing: undefined, conflict: undefined };

/**
 * What has to be done to an entry so that the work that `isTheirs` marks is undone, and nobody else's. Content, place and being
 * in the trash are looked at each by itself: what was set last by somebody else stays, and is a conflict where it differs from
 * what was there before. `revisions`: all that are retained, in order of `rev`. Asked again afterwards it answers nothing to do.
 */
export function planUndo(revisions: readonly Revision[], isTheirs: IsTheirs): UndoPlan {
  const first = revisions.findIndex(isTheirs);
  const newest = revisions.at(-1);
  if (first === -1 || newest === undefined) return nothing;
  if (first === 0) return revisions[0]?.rev === 1 ? planRemoval(revisions, isTheirs) : { undoing: undefined, conflict: 'history_gone' };
  const place = undoAspect(revisions, isTheirs, samePlace);
  const trash = undoAspect(revisions, isTheirs, (a, b) => a.trashed === b.trashed);
  const content = undoAspect(revisions, isTheirs, (a, b) => sameBody(a.body, b.body));
  const isTrashed = trash.target === undefined ? newest.trashed : trash.target.trashed;
  const undoing = {
    ...(trash.target?.trashed === false ? { untrash: true as const } : {}),
    ...(trash.target?.trashed === true ? { remove: true as const } : {}),
    ...(place.target === undefined ? {} : { place: { parentId: place.target.parentId, name: place.target.name } }),
    ...(content.target === undefined ? {} : { body: content.target.body }),
  };
  const isAnything = Object.keys(undoing).length > 0;
  const conflict = [place, trash, content].some(({ isConflict }) => isConflict) ? ('changed_since' as const) : undefined;
  if (isAnything && isTrashed && undoing.remove === undefined) return { undoing: undefined, conflict: 'in_trash' };
  return { undoing: isAnything ? undoing : undefined, conflict };
}

/**
 * When an entry has its turn, going back through the journal: what they made at the change that made it, after all that they put
 * into it; everything else at their newest change. `undefined` where nothing is theirs.
 */
export function undoTurn(revisions: readonly Revision[], isTheirs: IsTheirs): number | undefined {
  const theirs = revisions.filter(isTheirs);
  return (revisions[0]?.rev === 1 && theirs[0] === revisions[0] ? theirs[0] : theirs.at(-1))?.seq;
}

/**
 * The operations that do it, in order. None of them overwrites what came after `newest`, the entry's state that was planned from:
 * they are refused instead. `seenSeq`: how far the journal was read when nothing of others was seen in a folder that is to go.
 */
export function undoOperations(undoing: Undoing, newest: Revision, seenSeq: number, freshWriteId: () => WriteId): Operation[] {
  const { entryId, rev: baseRev } = newest;
  const on = (): { entryId: EntryId; writeId: WriteId } => ({ entryId, writeId: freshWriteId() });
  const { remove, untrash, place, body } = undoing;
  const steps: Operation[] = [];
  if (untrash === true) steps.push({ ...on(), op: 'untrash', ...place });
  else if (place !== undefined) steps.push({ ...on(), op: 'move', ...place, baseRev });
  if (body?.kind === 'file')
    steps.push({ ...on(), op: 'putFile', content: body.content, mtimeMs: body.mtimeMs, executable: body.executable, baseRev });
  if (body?.kind === 'symlink') steps.push({ ...on(), op: 'putSymlink', target: body.target, mtimeMs: body.mtimeMs, baseRev });
  if (remove === true) steps.push({ ...on(), op: 'delete', baseRev: baseRev + steps.length, seenSeq });
  return steps;
}

/** Of an entry that they made: it goes, unless others worked on it. */
function planRemoval(revisions: readonly Revision[], isTheirs: IsTheirs): UndoPlan {
  if (revisions.at(-1)?.trashed === true) return nothing;
  return revisions.every(isTheirs) ? { undoing: { remove: true }, conflict: undefined } : { undoing: undefined, conflict: 'changed_since' };
}

type Aspect = { readonly target: Revision | undefined; readonly isConflict: boolean };

/** `target`: the revision whose state of this aspect is to come back. */
function undoAspect(revisions: readonly Revision[], isTheirs: IsTheirs, same: (a: Revision, b: Revision) => boolean): Aspect {
  // The newest state that somebody else set, the newest of all, and what was there before they first changed it.
  let others = revisions[0] as Revision;
  let newest = others;
  let original: Revision | undefined;
  let isNewestTheirs = false;
  for (const revision of revisions.slice(1)) {
    if (!same(newest, revision)) {
      isNewestTheirs = isTheirs(revision);
      if (isNewestTheirs) original ??= newest;
      else others = revision;
    }
    newest = revision;
  }
  if (isNewestTheirs) return { target: same(others, newest) ? undefined : others, isConflict: false };
  return { target: undefined, isConflict: original !== undefined && !same(original, newest) };
}

function samePlace(a: Place, b: Place): boolean {
  return a.parentId === b.parentId && a.name === b.name;
}

function sameBody(a: Body, b: Body): boolean {
  if (a.kind === 'file' && b.kind === 'file')
    return a.content.listId === b.content.listId && a.mtimeMs === b.mtimeMs && a.executable === b.executable;
  if (a.kind === 'symlink' && b.kind === 'symlink') return a.target === b.target && a.mtimeMs === b.mtimeMs;
  return true;
}
