import { isEdited, isUnread, sameAttributes, sameBody, sameContent } from './compare.ts';
import type { LocalEntry, RemoteEntry, SyncBody, SyncedEntry } from './tree.ts';

/**
 * What becomes of the content of an entry that is on both sides:
 * - `same`: nothing differs;
 * - `up`, `down`: one side has an edit, the other takes it (and with it the attributes);
 * - `attributes_up`, `attributes_down`: only time or executable bit differ;
 * - `conflict`: two edits; the local one goes aside;
 * - `read`: the local bytes decide and are not known.
 */
export type BodyVerdict = 'same' | 'up' | 'down' | 'attributes_up' | 'attributes_down' | 'conflict' | 'read';

/** A merge of three: what one side left as it was agreed on, the other side decides. */
export function judgeBody(synced: SyncedEntry | undefined, local: LocalEntry, remote: RemoteEntry): BodyVerdict {
  if (local.body.kind === 'folder' || local.body.kind === 'mount' || sameBody(local.body, remote.body)) return 'same';
  if (isUnread(local.body)) {
    const edited = synced !== undefined && sameBody(remote.body, synced.body) && !looksAlike(local.body, synced.body);
    return edited ? 'up' : 'read';
  }
  if (sameContent(local.body, remote.body)) {
    // Attributes are nobody's work: no copy is kept of them, and the side that is committed already wins.
    return synced !== undefined && sameAttributes(remote.body, synced.body) ? 'attributes_up' : 'attributes_down';
  }
  if (synced === undefined) return 'conflict';
  if (!isEdited(local, synced)) return 'down';
  return isEdited(remote, synced) ? 'conflict' : 'up';
}

/** True where size and time say that nothing happened: then it is likely that nothing did, and reading costs less than sending. */
function looksAlike(a: SyncBody, b: SyncBody): boolean {
  return a.kind === 'file' && b.kind === 'file' && a.sizeBytes === b.sizeBytes && sameAttributes(a, b);
}
