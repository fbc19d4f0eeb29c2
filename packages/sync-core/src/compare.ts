import type { Place } from '@driftbox/domain';
import type { SyncBody, SyncedEntry, TreeEntry } from './tree.ts';

/** True for one and the same folder and name. */
export function samePlace(a: Place, b: Place): boolean {
  return a.parentId === b.parentId && a.name === b.name;
}

/** True when both hold the same: bytes or target. Not known yet is the same as nothing. Attributes do not count. */
export function sameContent(a: SyncBody, b: SyncBody): boolean {
  if (a.kind === 'file') return b.kind === 'file' && a.listId !== undefined && a.listId === b.listId;
  if (a.kind === 'symlink') return b.kind === 'symlink' && a.target === b.target;
  if (a.kind === 'mount') return b.kind === 'mount' && a.drive === b.drive;
  return b.kind === 'folder';
}

/** True when the time and the executable bit of two files are the same; other kinds have neither. */
export function sameAttributes(a: SyncBody, b: SyncBody): boolean {
  return a.kind !== 'file' || b.kind !== 'file' || (a.mtimeMs === b.mtimeMs && a.executable === b.executable);
}

/** True when nothing that is synced differs: neither content nor attributes. */
export function sameBody(a: SyncBody, b: SyncBody): boolean {
  return sameContent(a, b) && sameAttributes(a, b);
}

/** True when an entry holds something else than what was agreed on: somebody's work. */
export function isEdited(now: TreeEntry, synced: SyncedEntry): boolean {
  return !sameContent(now.body, synced.body);
}

/** True for a file that changed and whose bytes have not been read since. */
export function isUnread(body: SyncBody): boolean {
  return body.kind === 'file' && body.listId === undefined;
}
