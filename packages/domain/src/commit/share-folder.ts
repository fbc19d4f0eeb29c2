import type { Change } from '../change.ts';
import type { Drive } from '../drive.ts';
import type { Entry } from '../entry.ts';
import type { DriveId, EntryId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { emptyLedger } from '../ledger.ts';
import { maxMovedEntries } from '../limits.ts';
import type { Outcome } from '../operation.ts';
import type { Revision } from '../revision.ts';
import { can } from '../role.ts';
import { found, invalid, refuse } from './answers.ts';
import type { Checked } from './answers.ts';
import { checkLive, checkSeen } from './checks.ts';
import { checkUnseen } from './delete-entry.ts';
import type { Departure } from './move-to-drive.ts';
import type { CommitDone, CommitRefused, CommitRequest } from './result.ts';
import { changeOfShare, tooMany } from './share-of-drive.ts';
import { addShares, emptyShare } from './subtree-ledger.ts';
import { emptyState } from './state.ts';
import type { CommitState } from './state.ts';
import { Working } from './working.ts';

/**
 * A folder that is to become a drive. `baseRev` and `seenSeq` say what its owner has seen, as for a delete: nobody shares
 * what they do not know of. The ids of the drive and of the mount in its place are made by the caller and free.
 */
export type ShareRequest = Omit<CommitRequest, 'operations' | 'atomic' | 'refused' | 'budget'> & {
  readonly entryId: EntryId;
  readonly baseRev: number;
  readonly seenSeq: number;
  readonly mountId: EntryId;
  readonly drive: { readonly driveId: DriveId; readonly epoch: string };
};

/** The rows that sharing is decided from. */
export type ShareState = {
  /** What a delete of the folder needs, its sums included. */
  readonly source: CommitState;
  /** What lies under it: how many (counted as far as one beyond the limit), any mount. */
  readonly below: { readonly entries: number; readonly hasMount: boolean };
};

/**
 * What to write when the folder became a drive, in one transaction: a new drive whose root has the folder's id, so that what
 * is in it stays where it is; then everything under it becomes that drive's as for `DriveMoved`, the folder's revisions too,
 * while its own row goes; then both sides.
 */
export type FolderShared = {
  readonly result: 'shared';
  /** The new drive as it is before `target` is written. */
  readonly drive: Drive;
  readonly name: string;
  readonly source: CommitDone;
  readonly target: CommitDone;
  readonly departure: Departure;
};

/** What to write, or why not: `answered` of the folder itself, `CommitRefused` of the drive as a whole. */
export type ShareResult = FolderShared | { readonly result: 'answered'; readonly outcome: Outcome } | CommitRefused;

/**
 * The rule of sharing: a live folder of a home drive, with no other drive mounted in it, becomes a drive of its own, and a
 * mount stands where it stood. Nothing is charged to anybody else: the owner stays the same. Sharing within a shared drive
 * is refused: mounts are in home drives only, so shared drives never hold each other.
 */
export function shareFolder(state: ShareState, request: ShareRequest): ShareResult {
  const { drive } = state.source;
  if (request.driveEpoch !== drive.epoch) return { result: 'cursor_expired' };
  const source = workOn(state.source, request);
  const checked = checkFolder(source, state, request);
  if (!checked.ok) return { result: 'answered', outcome: checked.outcome };
  const before = checked.found;
  const share = source.sums.of(before.entryId);
  invariant(share !== undefined, 'the sums of what becomes a drive are loaded');
  const made: Drive = { ...request.drive, rootId: before.entryId, kind: 'shared', seq: 0, locked: false, ledger: emptyLedger };
  const { parentId, name, entryId, rev } = before;
  const seq = source.seq + 1;
  const { mount, revision, changes } = mounted(request, { parentId, name }, seq + 1);
  const left: Change = { ...request.author, seq, entryId, rev, action: 'movedAway', atMs: request.nowMs };
  return {
    result: 'shared',
    drive: made,
    name,
    source: {
      ...changeOfShare(source, addShares(emptyShare, share, -1), 2),
      entries: [mount],
      revisions: [revision],
      changes: [left, ...changes],
    },
    target: { ...changeOfShare(workOn(emptyState(made), request), share, 1), changes: [{ ...left, seq: 1, action: 'moved' }] },
    departure: { entryId, seq, drive: made.driveId, targetSeq: 1, parentId, name },
  };
}

function workOn(state: CommitState, request: ShareRequest): Working {
  const budget = { growBytes: 0, limit: 'user', limitBytes: 0, usedBytes: 0 } as const;
  return new Working(state, { ...request, operations: [], atomic: true, budget });
}

function checkFolder(source: Working, { below }: ShareState, request: ShareRequest): Checked<Entry> {
  const { drive } = source.state;
  if (drive.kind !== 'home') return refuse(invalid('a folder of a shared drive is not shared once more'));
  if (!can(request, 'share', drive)) return refuse({ outcome: 'permission_denied' });
  if (drive.locked) return refuse({ outcome: 'locked' });
  const checked = checkLive(source, request.entryId);
  if (!checked.ok) return checked;
  const { found: folder } = checked;
  if (folder.body.kind !== 'folder') return refuse(invalid(`a ${folder.body.kind} does not become a drive`));
  const stale = checkSeen(folder, request.baseRev, folder.placeRev) ?? checkUnseen(source, request);
  if (stale !== undefined) return refuse(stale);
  if (below.entries > maxMovedEntries) return refuse(tooMany);
  return below.hasMount ? refuse(invalid('a folder with a shared drive in it is not shared')) : found(folder);
}

/** The mount in the folder's place. */
function mounted(request: ShareRequest, place: Pick<Entry, 'parentId' | 'name'>, seq: number) {
  const { author, nowMs: atMs, mountId: entryId } = request;
  const body = { kind: 'mount', drive: request.drive.driveId } as const;
  const mount: Entry = { entryId, ...place, rev: 1, contentRev: 1, placeRev: 1, seq, trashed: undefined, body };
  const revision: Revision = { ...author, ...place, entryId, rev: 1, seq, atMs, trashed: false, body, charged: false };
  const changes: Change[] = [{ ...author, seq, entryId, rev: 1, action: 'created', atMs }];
  return { mount, revision, changes };
}
