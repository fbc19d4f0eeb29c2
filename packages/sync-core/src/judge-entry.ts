import type { EntryId } from '@driftbox/domain';
import { isEdited, isUnread, samePlace } from './compare.ts';
import { judgeBody } from './judge-body.ts';
import { homeOf, isTemporary } from './temporary-name.ts';
import type { ThreeTrees } from './three-trees.ts';
import type { LocalEntry, RemoteEntry, SyncedEntry } from './tree.ts';
import type { Verdict } from './verdict.ts';

/** Decides about one entry by itself: as if nothing else lay in it, on it or above it. */
export function judgeEntry(trees: ThreeTrees, entryId: EntryId): Verdict {
  const synced = trees.input.synced.get(entryId);
  const local = trees.local(entryId);
  const remote = trees.remote(entryId);
  const isUnreadable = local === undefined ? synced !== undefined && trees.isHidden(synced) : local.unreadable !== undefined;
  if (isUnreadable) return { entryId, synced, local, remote, fate: 'unreadable', place: remote };
  if (local !== undefined && remote !== undefined) return judgeBoth(trees, synced, local, remote);
  if (remote !== undefined) return judgeRemoteOnly(trees, synced, remote);
  if (local !== undefined) return judgeLocalOnly(trees, synced, local);
  return { entryId, synced, local, remote, fate: 'gone', place: undefined };
}

function judgeBoth(trees: ThreeTrees, synced: SyncedEntry | undefined, local: LocalEntry, remote: RemoteEntry): Verdict {
  const { rootId } = trees.input;
  const wanted = trees.isSelected(remote);
  const standing = { entryId: remote.entryId, synced, local, remote };
  const body = judgeBody(synced, local, remote);
  if (body === 'read') return { ...standing, fate: 'unread', place: remote };
  // What the server has is seen by others already, so of two moves the local one is undone.
  const isPlacedHere = synced !== undefined && samePlace(remote, synced) && !samePlace(local, remote);
  // A temporary name is nobody's decision.
  const placedHere = isPlacedHere || isTemporary(remote, rootId);
  const nothingToSend = !placedHere && body !== 'up' && body !== 'attributes_up' && body !== 'conflict';
  if (!wanted && nothingToSend) return { ...standing, fate: 'leaves_device', place: remote };
  return { ...standing, fate: 'stays', place: placedHere ? homeOf(local, trees.input) : remote, placedHere, body, wanted };
}

/** New on the server, or deleted on disk: then an edit or a move there brings it back. */
function judgeRemoteOnly(trees: ThreeTrees, synced: SyncedEntry | undefined, remote: RemoteEntry): Verdict {
  const standing = { entryId: remote.entryId, synced, local: undefined, remote };
  if (!trees.isSelected(remote)) return { ...standing, fate: 'away', place: remote };
  const kept = synced === undefined || isEdited(remote, synced) || trees.isMovedRemotely(remote);
  return kept
    ? { ...standing, fate: 'comes', place: homeOf(remote, trees.input) }
    : { ...standing, fate: 'leaves_server', place: undefined };
}

/** New on disk, or deleted on the server: then an edit or a move here keeps it. */
function judgeLocalOnly(trees: ThreeTrees, synced: SyncedEntry | undefined, local: LocalEntry): Verdict {
  const standing = { entryId: local.entryId, synced, local, remote: undefined };
  // Only the server says what is mounted: nothing that is done to a mount here brings it back.
  if (local.body.kind === 'mount') return { ...standing, fate: 'leaves_disk', place: undefined };
  if (synced === undefined) {
    // Below a folder that is gone the server still has it, under an id that is used for ever.
    const isUsed = trees.input.remote.get(local.entryId) !== undefined;
    return isUsed ? { ...standing, fate: 'renewed', place: local } : { ...standing, fate: 'goes_up', place: local };
  }
  const isMoved = trees.isMovedLocally(local);
  if (!isMoved && isUnread(local.body)) return { ...standing, fate: 'unread', place: undefined };
  const kept = isMoved || isEdited(local, synced);
  return kept ? { ...standing, fate: 'renewed', place: local } : { ...standing, fate: 'leaves_disk', place: undefined };
}
