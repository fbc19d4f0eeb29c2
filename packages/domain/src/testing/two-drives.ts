import { moveToDrive } from '../commit/move-to-drive.ts';
import type { DriveMove, DriveMoveRequest, DriveMoveResult, DriveMoveState } from '../commit/move-to-drive.ts';
import type { Drive } from '../drive.ts';
import type { DriveId, EntryId } from '../ids.ts';
import type { MemoryDrive } from '../memory-drive.ts';
import { applyMove, loadMove } from '../memory-move.ts';
import type { Outcome } from '../operation.ts';
import { content, entryId, newDrive, request, rootId, run, uuid, writeId } from './fixtures.ts';

export const otherId = uuid(0xd2) as DriveId;
export const otherRoot = uuid(0xbbbb) as EntryId;

/** A shared drive with a folder (101), a folder in it (102), and one in the trash (103). */
export function otherDrive(over: Partial<Drive> = {}): MemoryDrive {
  const drive = newDrive({ driveId: otherId, rootId: otherRoot, kind: 'shared', epoch: 'two', ...over });
  run(
    drive,
    [
      { op: 'createFolder', entryId: entryId(101), parentId: otherRoot, name: 'n0' },
      { op: 'createFolder', entryId: entryId(102), parentId: entryId(101), name: 'n1' },
      { op: 'createFolder', entryId: entryId(103), parentId: otherRoot, name: 'n2' },
      { op: 'delete', entryId: entryId(103), baseRev: 1, seenSeq: 3 },
    ],
    { driveEpoch: 'two' },
  );
  return drive;
}

let writes = 0x800000;

/** A request to move `entryId(n)` from one drive to the other's root as `moved`, unless it says otherwise. */
export function moveRequest(
  from: MemoryDrive,
  to: MemoryDrive,
  n: number,
  over: Partial<DriveMove> = {},
  rest: Partial<DriveMoveRequest> = {},
): DriveMoveRequest {
  const id = entryId(n);
  const place = { parentId: to.drive.rootId, name: 'moved', baseRev: from.entries.get(id)?.rev ?? 1 };
  const operation: DriveMove = { op: 'move', entryId: id, writeId: writeId((writes += 1)), ...place, toDrive: to.drive.driveId, ...over };
  return { ...request([]), driveEpoch: from.drive.epoch, targetRole: 'editor', operation, ...rest };
}

/** The rule under test, or a broken one that a law has to catch. */
export type MoveRule = (state: DriveMoveState, request: DriveMoveRequest) => DriveMoveResult;

/** Loads, decides and writes; answers the outcome. */
export function moveBetween(from: MemoryDrive, to: MemoryDrive, asked: DriveMoveRequest, rule: MoveRule = moveToDrive): Outcome {
  const result = rule(loadMove(from, to, asked.operation), asked);
  if (result.result === 'answered') return result.outcome;
  if (result.result !== 'moved') throw new Error(`refused: ${result.result}`);
  applyMove(from, to, result);
  return result.source.outcomes[0]!;
}

/** A home drive with folder 1 holding file 2 (two contents, 10 then 5 bytes), trashed file 3 (7 bytes) and folder 4. */
export function fullHome(): MemoryDrive {
  const drive = newDrive();
  run(drive, [
    { op: 'createFolder', entryId: entryId(1), parentId: rootId, name: 'docs' },
    { op: 'putFile', entryId: entryId(2), parentId: entryId(1), name: 'a', baseRev: null, content: content(1, 10), mtimeMs: 1 },
    { op: 'putFile', entryId: entryId(2), baseRev: 1, content: content(2, 5), mtimeMs: 2 },
    { op: 'putFile', entryId: entryId(3), parentId: entryId(1), name: 'b', baseRev: null, content: content(3, 7), mtimeMs: 1 },
    { op: 'createFolder', entryId: entryId(4), parentId: entryId(1), name: 'sub' },
  ]);
  run(drive, [{ op: 'delete', entryId: entryId(3), baseRev: 1, seenSeq: 5 }]);
  return drive;
}
