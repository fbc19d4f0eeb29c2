import type { Change } from '../change.ts';
import type { Entry } from '../entry.ts';
import type { EntryId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { maxMovedEntries } from '../limits.ts';
import type { Outcome } from '../operation.ts';
import type { Revision } from '../revision.ts';
import { can } from '../role.ts';
import type { Role } from '../role.ts';
import { found, invalid, notFound, refuse } from './answers.ts';
import type { Checked } from './answers.ts';
import { checkPlace } from './checks.ts';
import type { CommitDone, CommitRequest } from './result.ts';
import { changeOfShare, checkRoomFor, tooMany } from './share-of-drive.ts';
import { SubtreeLedger } from './subtree-ledger.ts';
import type { CommitState, SubtreeSums } from './state.ts';
import { Working } from './working.ts';

/** A drive that is to become a folder of another; `role` is the actor's on the drive, `targetRole` on the other. */
export type UnshareRequest = Omit<CommitRequest, 'operations' | 'atomic' | 'refused' | 'driveEpoch'> & {
  readonly targetRole: Role | undefined;
  readonly parentId: EntryId;
  readonly name: string;
};

/** The rows that unsharing is decided from. */
export type UnshareState = {
  readonly source: CommitState['drive'];
  /** The folder and the place in the other drive; `undefined` when there is no such drive. */
  readonly target: CommitState | undefined;
  /** Live mounts of the drive in the other one, each with its newest revision: they go. */
  readonly mounts: readonly { readonly entryId: EntryId; readonly rev: number }[];
  /** Everything in the drive: how many entries, any mount, and what they count for. */
  readonly below: { readonly entries: number; readonly hasMount: boolean };
  readonly sums: SubtreeSums;
  /** The newest revision of the root from when it was a folder; 0 for a drive that never was one. */
  readonly rootRev: number;
};

/**
 * What to write when the drive became a folder: the mounts go, everything in the drive becomes the other's as for `DriveMoved`,
 * `target` is written, and the drive is no more.
 */
export type DriveUnshared = { readonly result: 'unshared'; readonly folder: Entry; readonly target: CommitDone };

/** What to write, or the outcome that says why not. */
export type UnshareResult = DriveUnshared | { readonly result: 'answered'; readonly outcome: Outcome };

/**
 * The rule of unsharing, the way back from `shareFolder`: the root becomes a folder of the same id, with the revisions that it
 * had as one. What lies in the drive keeps ids, revisions, history and trash, and is charged to the other drive's owner.
 */
export function unshareDrive(state: UnshareState, request: UnshareRequest): UnshareResult {
  const target = checkBoth(state, request);
  if (!target.ok) return { result: 'answered', outcome: target.outcome };
  const { rootId } = state.source;
  const place = checkPlace(target.found, rootId, request.parentId, request.name);
  if (!place.ok) return { result: 'answered', outcome: place.outcome };
  const share = new SubtreeLedger([state.sums], false).of(rootId);
  invariant(share !== undefined, 'the sums of the whole drive are those of its root');
  const noRoom = checkRoomFor(share, request.budget);
  if (noRoom !== undefined) return { result: 'answered', outcome: noRoom };

  const { author, nowMs: atMs } = request;
  const { seq: before } = target.found;
  const purged = state.mounts.map(({ entryId, rev }, at): Change => {
    return { ...author, seq: before + at + 1, entryId, rev: rev + 1, action: 'purged', atMs };
  });
  // Away and back are two revisions, as for the trash: by that a client tells that it has to ask what is in the folder.
  const seq = before + purged.length + 2;
  const rev = state.rootRev + 2;
  const body = { kind: 'folder' } as const;
  const folder: Entry = { entryId: rootId, ...place.found, rev, contentRev: 1, placeRev: rev, seq, trashed: undefined, body };
  const revision: Revision = { ...author, ...place.found, entryId: rootId, rev, seq, atMs, trashed: false, body, charged: false };
  const arrived: Change = { ...author, seq, entryId: rootId, rev, action: 'moved', atMs };
  const earlier = { rev: rev - 1, seq: seq - 1 };
  const arrival = changeOfShare(target.found, share, purged.length + 2);
  const revisions = [{ ...revision, ...earlier }, revision];
  const rows = {
    entries: [folder],
    revisions,
    changes: [...purged, { ...arrived, ...earlier }, arrived],
    purged: purged.map(({ entryId }) => entryId),
  };
  return { result: 'unshared', folder, target: { ...arrival, ...rows } };
}

/** The owner of the drive may write to the other, and everything fits. What its mounts leave free counts as free. */
function checkBoth({ source, target, mounts, below }: UnshareState, request: UnshareRequest): Checked<Working> {
  if (!can(request, 'unshare', source)) return refuse({ outcome: 'permission_denied' });
  if (source.locked) return refuse({ outcome: 'locked' });
  if (target === undefined || request.targetRole === undefined) return refuse(notFound('the target drive does not exist'));
  if (target.drive.driveId === source.driveId) return refuse(invalid('a drive does not become a folder of itself'));
  if (!can({ role: request.targetRole }, 'write', target.drive)) return refuse({ outcome: 'permission_denied' });
  if (target.drive.locked) return refuse({ outcome: 'locked' });
  if (below.entries > maxMovedEntries) return refuse(tooMany);
  if (below.hasMount && target.drive.kind !== 'home') return refuse(invalid('only a home drive holds mounts'));
  const gone = new Set(mounts.map(({ entryId }) => entryId));
  const children = target.children.filter(({ entryId }) => !gone.has(entryId));
  const work = { ...request, driveEpoch: target.drive.epoch, operations: [], atomic: true };
  return found(new Working({ ...target, children }, work));
}
