import fc from 'fast-check';
import { commit } from '../commit.ts';
import { needsOf } from '../commit/needs-of.ts';
import type { CommitDone, CommitRequest, CommitResult } from '../commit/result.ts';
import type { CommitState } from '../commit/state.ts';
import type { EntryId } from '../ids.ts';
import type { MemoryDrive } from '../memory-drive.ts';
import type { Operation } from '../operation.ts';
import { content, entryId, newDrive, request, rootId, writeId } from './fixtures.ts';

/** The rule under test, or a broken one that a law has to catch. */
export type Rule = (state: CommitState, request: CommitRequest) => CommitResult;

/** Some numbers that become an operation once the drive it meets is known. */
type Seed = {
  op: Operation['op'];
  target: number;
  parent: number;
  name: number;
  stale: number;
  lag: number;
  size: number;
  tag: number;
  placed: boolean;
  write: number;
};
export type Batch = { seeds: Seed[]; atomic: boolean; growBytes: number; growFiles: number };

/** One commit that a history went through. */
export type Step = {
  request: CommitRequest;
  done: CommitDone;
  seqBefore: number;
  answersBefore: ReadonlyMap<string, unknown>;
  bytesBefore: number;
  filesBefore: number;
};

const ids = 9;
/** What histories are made of: everything but mounts, the commoner ones oftener. */
export const operations: readonly Operation['op'][] = [
  'createFolder',
  'createFolder',
  'putFile',
  'putFile',
  'putFile',
  'putSymlink',
  'setAttributes',
  'copy',
  'move',
  'move',
  'move',
  'delete',
  'delete',
  'untrash',
  'restoreRevision',
  'purge',
];

const seed: fc.Arbitrary<Seed> = fc.record({
  op: fc.constantFrom(...operations),
  target: fc.nat(ids - 1),
  parent: fc.nat(ids + 3),
  name: fc.nat(2),
  stale: fc.constantFrom(0, 0, 0, 1, 2),
  lag: fc.constantFrom(0, 0, 1, 3),
  size: fc.nat(100),
  tag: fc.nat(5),
  placed: fc.boolean(),
  write: fc.constantFrom(0, 0, 0, 0, 1, 2),
});

/** Histories: enough few ids and names that everything meets everything. */
export const histories: fc.Arbitrary<Batch[]> = fc.array(
  fc.record({
    seeds: fc.oneof(fc.array(seed, { minLength: 1, maxLength: 4 }), fc.array(seed, { minLength: 5, maxLength: 20, size: 'max' })),
    atomic: fc.constantFrom(false, false, true),
    growBytes: fc.constantFrom(0, 60, 500),
    growFiles: fc.constantFrom(0, 1, 3, 100),
  }),
  { minLength: 1, maxLength: 30, size: 'max' },
);

/** Plays a history on a fresh drive with the given rule; `check` looks at the world after every commit. */
export function play(batches: readonly Batch[], rule: Rule, check: (drive: MemoryDrive, step: Step) => void): MemoryDrive {
  const drive = newDrive();
  let writes = 0;
  for (const { seeds, atomic, growBytes, growFiles } of batches) {
    // A revision number counts on within a batch when an entry is touched twice, as a client would number it.
    const touched = new Map<EntryId, number>();
    const full = seeds.map((one) => {
      writes += 1;
      return toOperation(drive, one, writes, touched);
    });
    const files = { growFiles, limitFiles: 0, usedFiles: 0 };
    const budget = { growBytes, limit: 'user' as const, limitBytes: 0, usedBytes: 0, files };
    const asked = request(full, { atomic, budget });
    const before = {
      seqBefore: drive.drive.seq,
      answersBefore: new Map(drive.answers),
      bytesBefore: held(drive),
      filesBefore: heldFiles(drive),
    };
    const done = rule(drive.load(needsOf(full), asked.limits.seenChanges), asked);
    if (done.result !== 'done') throw new Error('a history is never refused as a whole');
    drive.apply(done);
    check(drive, { request: asked, done, ...before });
  }
  return drive;
}

/** Charged bytes counted from the revisions alone. */
export function held(drive: MemoryDrive): number {
  let bytes = 0;
  for (const revision of [...drive.revisions.values()].flat()) {
    if (revision.charged && revision.body.kind === 'file') bytes += revision.body.content.sizeBytes;
  }
  return bytes;
}

/** Files counted from the entries alone, those in the trash included. */
export function heldFiles(drive: MemoryDrive): number {
  return [...drive.entries.values()].filter(({ body }) => body.kind === 'file').length;
}

export const realRule: Rule = commit;

function toOperation(drive: MemoryDrive, one: Seed, fresh: number, touched: Map<EntryId, number>): Operation {
  const id = entryId(one.target + 1);
  const parentId = one.parent >= ids ? rootId : entryId(one.parent + 1);
  // A repeat reuses one of the entry's older write ids.
  const known = [...drive.answers.values()].filter((answer) => answer.entryId === id);
  const again = one.write === 0 ? undefined : known.at(-one.write)?.writeId;
  const base = { entryId: id, writeId: again ?? writeId(0x100000 + fresh) };
  const place = { parentId, name: `n${one.name}` };
  const extra = touched.get(id) ?? 0;
  touched.set(id, extra + 1);
  const rev = (drive.entries.get(id)?.rev ?? 0) + extra;
  const baseRev = Math.max(1, rev - one.stale);
  const written = rev === 0 ? { ...place, baseRev: null } : { ...(one.placed ? place : {}), baseRev };
  const mtimeMs = one.size;
  switch (one.op) {
    case 'createFolder':
      return { op: 'createFolder', ...base, ...place };
    case 'putFile':
      return { op: 'putFile', ...base, ...written, content: content(one.tag * 1000 + one.size, one.size), mtimeMs };
    case 'putSymlink':
      return { op: 'putSymlink', ...base, ...written, target: `t${one.tag}`, mtimeMs };
    case 'setAttributes':
      return { op: 'setAttributes', ...base, baseRev, mtimeMs };
    case 'copy': {
      const from = { drive: drive.drive.driveId, entryId: entryId(one.parent + 1), rev: 1 + one.stale };
      return { op: 'copy', ...base, parentId: rootId, name: place.name, from };
    }
    case 'move':
      return { op: 'move', ...base, ...place, baseRev };
    case 'delete':
      return { op: 'delete', ...base, baseRev, seenSeq: Math.max(0, drive.drive.seq - one.lag) };
    case 'untrash':
      return { op: 'untrash', ...base, ...(one.placed ? place : {}) };
    case 'restoreRevision':
      return { op: 'restoreRevision', ...base, rev: 1 + one.stale };
    case 'purge':
      return { op: 'purge', ...base };
    case 'putMount':
      throw new Error('histories do not mount');
  }
}
