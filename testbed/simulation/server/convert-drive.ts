import {
  applyMove,
  defaultLimits,
  MemoryDrive,
  needsOf,
  shareFolder,
  unshareDrive,
  type CommitDone,
  type DriveId,
  type Entry,
  type EntryId,
  type WriteId,
} from '@driftbox/domain';
import { userOf, type SimulatedServer } from './simulated-server.ts';

/** What the rule is not asked about, as it has no bytes. */
const writeId = '00000000-0000-7000-8000-000000000000' as WriteId;
const budget = { growBytes: 1e9, limit: 'user', limitBytes: 1e9, usedBytes: 0 } as const;

/** A folder of a home drive becomes a drive, as its owner saw it now; `undefined` where the rule says no. */
export function shareIn(home: SimulatedServer, folder: Entry, mountId: EntryId, driveId: DriveId, nowMs: number): MemoryDrive | undefined {
  const { drive } = home;
  const { entryId, rev: baseRev } = folder;
  const seenSeq = drive.drive.seq;
  const needs = needsOf([{ op: 'delete', writeId, entryId, baseRev, seenSeq }]);
  const result = shareFolder(
    { source: drive.load(needs, defaultLimits.seenChanges), below: belowOf(drive, entryId) },
    {
      author: { by: userOf(home.owner), device: undefined },
      nowMs,
      limits: defaultLimits,
      driveEpoch: drive.drive.epoch,
      role: 'owner',
      entryId,
      baseRev,
      seenSeq,
      mountId,
      drive: { driveId, epoch: `shared ${driveId.slice(-4)}` },
    },
  );
  if (result.result !== 'shared') return undefined;
  const made = new MemoryDrive(result.drive);
  applyMove(drive, made, { ...result, result: 'moved' });
  made.entries.delete(entryId);
  return made;
}

/** A drive becomes a folder at the top of its owner's home drive again; false where the rule says no. */
export function unshareIn({ drive }: SimulatedServer, home: SimulatedServer, name: string, nowMs: number): boolean {
  const { rootId, driveId, ledger, seq } = drive.drive;
  const into = home.drive;
  const place = { parentId: home.rootId, name };
  const common = { ...place, entryId: rootId, seq: 0, trashed: undefined, body: { kind: 'folder' } } as const;
  drive.entries.set(rootId, { ...common, rev: 1, contentRev: 1, placeRev: 1 });
  const needs = needsOf([{ op: 'createFolder', entryId: rootId, writeId, ...place }]);
  const [sums] = drive.load({ ...needs, sums: [rootId] }, 0).sums;
  const result =
    sums &&
    unshareDrive(
      {
        source: drive.drive,
        target: into.load(needs, 0),
        mounts: [...into.entries.values()].filter(({ body }) => body.kind === 'mount' && body.drive === driveId),
        below: belowOf(drive, rootId),
        sums,
        rootRev: drive.revisions.get(rootId)?.at(-1)?.rev ?? 0,
      },
      {
        author: { by: userOf(home.owner), device: undefined },
        nowMs,
        limits: defaultLimits,
        role: 'owner',
        targetRole: 'owner',
        budget,
        ...place,
      },
    );
  if (result?.result !== 'unshared') return drive.entries.delete(rootId) && false;
  drive.entries.set(rootId, result.folder);
  const source: CommitDone = { ...result.target, entries: [], revisions: [], changes: [], answers: [], purged: [], seq, ledger };
  const departure = { entryId: rootId, ...place, seq: seq + 1, drive: home.driveId, targetSeq: result.target.seq };
  applyMove(drive, into, { result: 'moved', source, target: result.target, departure });
  return true;
}

function belowOf(drive: MemoryDrive, folder: EntryId): { readonly entries: number; readonly hasMount: boolean } {
  const ids = [folder];
  for (const id of ids) ids.push(...drive.childrenOf(id).map(({ entryId }) => entryId));
  return { entries: ids.length - 1, hasMount: ids.some((id) => drive.entries.get(id)?.body.kind === 'mount') };
}
