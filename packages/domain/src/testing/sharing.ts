import { needsOf } from '../commit/needs-of.ts';
import { shareFolder } from '../commit/share-folder.ts';
import type { ShareRequest, ShareResult } from '../commit/share-folder.ts';
import { unshareDrive } from '../commit/unshare-drive.ts';
import type { UnshareRequest, UnshareResult } from '../commit/unshare-drive.ts';
import { MemoryDrive } from '../memory-drive.ts';
import { sumSubtree } from '../memory-ledger.ts';
import { applyMove } from '../memory-move.ts';
import type { DriveId, EntryId } from '../ids.ts';
import { entryId, request, uuid, writeId } from './fixtures.ts';

export const sharedId = uuid(0xd9) as DriveId;
export const mountId = entryId(0x9999);

/** A wish to share `entryId(n)`, of which everything was seen unless it says otherwise. */
export function shareRequest(home: MemoryDrive, n: number, over: Partial<ShareRequest> = {}): ShareRequest {
  const id = entryId(n);
  const { author, nowMs, limits } = request([]);
  const seen = { entryId: id, baseRev: home.entries.get(id)?.rev ?? 1, seenSeq: home.drive.seq };
  return {
    author,
    nowMs,
    limits,
    driveEpoch: home.drive.epoch,
    role: 'owner',
    ...seen,
    mountId,
    drive: { driveId: sharedId, epoch: 's' },
    ...over,
  };
}

/** The ids below a folder, in the trash or not. */
export function idsBelow(drive: MemoryDrive, folder: EntryId): EntryId[] {
  return drive.childrenOf(folder).flatMap(({ entryId: id }) => [id, ...idsBelow(drive, id)]);
}

const belowOf = (drive: MemoryDrive, folder: EntryId) => {
  const ids = idsBelow(drive, folder);
  return { entries: ids.length, hasMount: ids.some((id) => drive.entries.get(id)?.body.kind === 'mount') };
};

/** Loads, decides and writes; the new drive where the folder was shared. */
export function share(home: MemoryDrive, asked: ShareRequest): { result: ShareResult; made: MemoryDrive | undefined } {
  const needs = needsOf([{ op: 'delete', writeId: writeId(1), entryId: asked.entryId, baseRev: asked.baseRev, seenSeq: asked.seenSeq }]);
  const state = { source: home.load(needs, asked.limits.seenChanges), below: belowOf(home, asked.entryId) };
  const result = shareFolder(state, asked);
  if (result.result !== 'shared') return { result, made: undefined };
  const made = new MemoryDrive(result.drive);
  applyMove(home, made, { result: 'moved', source: result.source, target: result.target, departure: result.departure });
  made.entries.delete(asked.entryId);
  return { result, made };
}

/** Loads, decides and writes: `into` gets the folder, and `drive` is empty. */
export function unshare(drive: MemoryDrive, into: MemoryDrive, over: Partial<UnshareRequest> = {}): UnshareResult {
  const { rootId } = drive.drive;
  const asked = { ...request([]), targetRole: 'owner' as const, parentId: into.drive.rootId, name: 'back', ...over };
  const { parentId, name } = asked;
  const mounts = [...into.entries.values()].filter(({ body }) => body.kind === 'mount' && body.drive === drive.drive.driveId);
  const result = unshareDrive(
    {
      source: drive.drive,
      target: into.load(needsOf([{ op: 'createFolder', entryId: rootId, writeId: writeId(1), parentId, name }]), 0),
      mounts,
      below: belowOf(drive, rootId),
      sums: sumSubtree(drive, rootId),
      rootRev: (drive.revisions.get(rootId) ?? []).at(-1)?.rev ?? 0,
    },
    asked,
  );
  if (result.result !== 'unshared') return result;
  for (const id of result.target.purged) into.entries.delete(id);
  const { seq: targetSeq } = result.target;
  const departure = { entryId: rootId, parentId, name, seq: drive.drive.seq + 1, drive: into.drive.driveId, targetSeq };
  drive.entries.set(rootId, result.folder);
  const nothing = { ...result.target, entries: [], revisions: [], changes: [], answers: [], purged: [], seq: drive.drive.seq };
  applyMove(drive, into, { result: 'moved', source: { ...nothing, ledger: drive.drive.ledger }, target: result.target, departure });
  return result;
}
