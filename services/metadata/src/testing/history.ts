import { createHash } from 'node:crypto';
import { parseDigest, parseEntryId, parseWriteId, type Digest, type EntryId, type MemoryDrive } from '@driftbox/domain';
import type { CheckedOperation } from '@driftbox/protocol';
import fc from 'fast-check';
import { listIdOf } from '@driftbox/domain';
import { sha256 } from '../operation.ts';

/** Some numbers that become an operation once the drive it meets is known. */
export type Seed = {
  op: CheckedOperation['op'];
  target: number;
  parent: number;
  name: number;
  stale: number;
  lag: number;
  size: number;
  tag: number;
  placed: boolean;
  repeat: boolean;
};
export type Batch = { seeds: Seed[]; atomic: boolean };

const ids = 8;
const ops: CheckedOperation['op'][] = [
  'createFolder',
  'createFolder',
  'createFolder',
  'putFile',
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
  op: fc.constantFrom(...ops),
  target: fc.nat(ids - 1),
  parent: fc.nat(ids + 3),
  name: fc.nat(2),
  stale: fc.constantFrom(0, 0, 0, 1),
  lag: fc.constantFrom(0, 0, 2),
  size: fc.nat(90),
  tag: fc.nat(4),
  placed: fc.boolean(),
  repeat: fc.constantFrom(false, false, false, true),
});

/** Histories in which few ids and names meet each other often. */
export const histories: fc.Arbitrary<Batch[]> = fc.array(
  fc.record({ seeds: fc.array(seed, { minLength: 1, maxLength: 4 }), atomic: fc.constantFrom(false, false, true) }),
  { minLength: 5, maxLength: 20 },
);

const pad = (n: number): string => n.toString(16).padStart(12, '0');
const hashOf = (text: string): Digest => parseDigest(createHash('sha256').update(text).digest('hex'))!;

/** Ids that are the run's own: `run` keeps those of one tenant apart from those of the next. */
export function operationOf(drive: MemoryDrive, one: Seed, run: string, fresh: number): CheckedOperation {
  const idOf = (n: number): EntryId => parseEntryId(`${run}-0000-4000-8000-${pad(n)}`)!;
  const writeOf = (n: number) => parseWriteId(`${run}-0000-4000-9000-${pad(n)}`)!;
  const entryId = idOf(one.target);
  const parentId = one.parent >= ids ? drive.drive.rootId : idOf(one.parent);
  const known = [...drive.answers.values()].filter((answer) => answer.entryId === entryId);
  const base = { entryId, writeId: one.repeat && known.length > 0 ? known.at(-1)!.writeId : writeOf(fresh) };
  const place = { parentId, name: `n${one.name}` };
  const rev = drive.entries.get(entryId)?.rev ?? 0;
  const baseRev = Math.max(1, rev - one.stale);
  const written = rev === 0 ? { ...place, baseRev: null } : { ...(one.placed ? place : {}), baseRev };
  const mtime = new Date(one.size * 1000).toISOString();
  switch (one.op) {
    case 'createFolder':
      return { op: 'createFolder', ...base, ...place };
    case 'putFile': {
      const chunkList = Array.from({ length: one.tag % 4 }, (_, at) => ({
        digest: hashOf(`${one.tag}/${one.size}/${at}`),
        sizeBytes: one.size + 1,
      }));
      return {
        op: 'putFile',
        ...base,
        ...written,
        chunkList,
        listId: listIdOf(chunkList, sha256),
        sizeBytes: chunkList.length * (one.size + 1),
        mtime,
      };
    }
    case 'putSymlink':
      return { op: 'putSymlink', ...base, ...written, target: `t${one.tag}`, mtime };
    case 'setAttributes':
      return { op: 'setAttributes', ...base, baseRev, mtime };
    case 'copy':
      return {
        op: 'copy',
        ...base,
        parentId: drive.drive.rootId,
        name: place.name,
        from: { drive: drive.drive.driveId, entryId: idOf(one.parent), rev: 1 + one.stale },
      };
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
