import type { CommitRequest, CommitDone, CommitResult } from '../commit/result.ts';
import type { Digest } from '../digest.ts';
import type { Drive } from '../drive.ts';
import type { DriveId, EntryId, UserId, WriteId } from '../ids.ts';
import { emptyLedger } from '../ledger.ts';
import { defaultLimits } from '../limits.ts';
import type { Surroundings } from '../memory-drive.ts';
import { MemoryDrive } from '../memory-drive.ts';
import type { Content, Operation, Outcome } from '../operation.ts';

/** The n-th id of the tests, in canonical form. */
export function uuid(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}
export const entryId = (n: number) => uuid(n) as EntryId;
export const writeId = (n: number) => uuid(n) as WriteId;
export const driveId = uuid(0xd) as DriveId;
export const rootId = uuid(0xaaaa) as EntryId;
export const alice = uuid(0xa11ce) as UserId;

/** A content that is told apart by `tag` and has a size. */
export function content(tag: number, sizeBytes: number): Content {
  const digest = tag.toString(16).padStart(64, '0') as Digest;
  return { listId: digest, sizeBytes, chunks: sizeBytes === 0 ? [] : [{ digest, sizeBytes }] };
}

export function newDrive(over: Partial<Drive> = {}, around: Surroundings = {}): MemoryDrive {
  return new MemoryDrive({ driveId, rootId, kind: 'home', epoch: 'one', seq: 0, locked: false, ledger: emptyLedger, ...over }, around);
}

export function request(operations: readonly Operation[], over: Partial<CommitRequest> = {}): CommitRequest {
  return {
    driveEpoch: 'one',
    operations,
    atomic: false,
    author: { by: alice, device: undefined },
    role: 'owner',
    nowMs: 1_000,
    limits: defaultLimits,
    budget: { growBytes: 1_000_000, limit: 'user', limitBytes: 1_000_000, usedBytes: 0 },
    ...over,
  };
}

export function expectDone(result: CommitResult): CommitDone {
  if (result.result !== 'done') throw new Error(`refused: ${result.result}`);
  return result;
}

let writes = 0x1000;
type Bare<T> = T extends Operation ? Omit<T, 'writeId'> & { writeId?: WriteId } : never;

/** Commits operations on a drive and answers their outcomes; each gets a fresh `writeId` unless it brings one. */
export function run(drive: MemoryDrive, operations: readonly Bare<Operation>[], over: Partial<CommitRequest> = {}): Outcome[] {
  const full = operations.map((operation) => ({ writeId: writeId((writes += 1)), ...operation }));
  return [...expectDone(drive.commit(request(full, over))).outcomes];
}

/** The kinds of some outcomes, for short expectations. */
export const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ outcome }) => outcome);
