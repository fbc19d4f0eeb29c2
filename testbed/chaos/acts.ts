import { parseEntryId, parseWriteId, type EntryId } from '@driftbox/domain';
import type { SentBody, Routes } from '@driftbox/protocol';
import { newId, type SeededRandom } from '@driftbox/testkit';
import { oneChunk } from '../src/api-user.ts';
import type { Deed, Ledger } from './ledger.ts';

type Operation = SentBody<Routes['postCommit']>['operations'][number];

/** An operation, the content that it needs sent along, and what its acknowledgement will mean. */
export type Act = {
  readonly entryId: EntryId;
  readonly operation: Operation;
  readonly bytes?: Uint8Array;
  readonly means: Omit<Deed, 'rev' | 'seq'>;
};

/** What somebody who acts knows. */
export type Scene = {
  readonly ledger: Ledger;
  readonly folders: readonly EntryId[];
  readonly random: SeededRandom;
  readonly nextName: () => string;
};

/** Live files of one person that are worked with; beyond it files are deleted rather than made. */
const mostFiles = 250;
/** Content of one person; beyond it files stay tiny, so that a long run fits on a disk. */
const manyBytes = 60 << 20;

const mtime = '2026-01-01T00:00:00.000Z';
const sizes = [0, 1, 700, 5_000, 30_000, 120_000, 900_000] as const;

/** Something that a person does next: one operation, or a few of new files that travel together. */
export function nextActs(scene: Scene): Act[] {
  const { ledger, random } = scene;
  const files = ledger.known(false);
  const dice = random.next();
  if (files.length < 5 || (dice < 0.35 && files.length < mostFiles))
    return Array.from({ length: random.integer(1, 4) }, () => create(scene));
  const entry = random.pick(files);
  if (dice < 0.6) return [edit(scene, entry)];
  if (dice < 0.72) return [move(scene, entry)];
  if (dice < 0.78) return [restore(scene, entry)];
  const trashed = ledger.known(true);
  if (dice < 0.88 || trashed.length === 0) return [trash(scene, entry)];
  return [dice < 0.95 ? untrash(random.pick(trashed)) : purge(random.pick(trashed))];
}

function content({ ledger, random }: Scene): Uint8Array {
  const most = random.pick(sizes);
  return random.bytes(random.integer(1, Math.max(1, ledger.bytes > manyBytes ? Math.min(most, 700) : most)));
}

function create(scene: Scene): Act {
  const place = { parentId: scene.random.pick(scene.folders), name: scene.nextName() };
  const bytes = content(scene);
  const chunk = oneChunk(bytes);
  const entryId = newId(parseEntryId);
  const own = { op: 'putFile' as const, writeId: newId(parseWriteId), entryId, baseRev: null };
  return {
    entryId,
    operation: { ...own, ...place, sizeBytes: bytes.length, mtime, chunkList: [chunk] },
    bytes,
    means: { place, content: chunk },
  };
}

function edit(scene: Scene, entryId: EntryId): Act {
  const bytes = content(scene);
  const chunk = oneChunk(bytes);
  const operation = { ...onNewest(scene.ledger, entryId), op: 'putFile' as const, sizeBytes: bytes.length, mtime, chunkList: [chunk] };
  return { entryId, operation, bytes, means: { content: chunk } };
}

function move(scene: Scene, entryId: EntryId): Act {
  const place = { parentId: scene.random.pick(scene.folders), name: scene.nextName() };
  return { entryId, operation: { ...onNewest(scene.ledger, entryId), op: 'move', ...place }, means: { place } };
}

function restore({ ledger, random }: Scene, entryId: EntryId): Act {
  const { rev, content: before } = random.pick(ledger.contents(entryId));
  return { entryId, operation: { op: 'restoreRevision', writeId: newId(parseWriteId), entryId, rev }, means: { content: before } };
}

function trash({ ledger }: Scene, entryId: EntryId): Act {
  return { entryId, operation: { ...onNewest(ledger, entryId), op: 'delete', seenSeq: ledger.highestSeq }, means: { trashed: true } };
}

function untrash(entryId: EntryId): Act {
  return { entryId, operation: { op: 'untrash', writeId: newId(parseWriteId), entryId }, means: { trashed: false } };
}

function purge(entryId: EntryId): Act {
  return { entryId, operation: { op: 'purge', writeId: newId(parseWriteId), entryId }, means: { purged: true } };
}

function onNewest(ledger: Ledger, entryId: EntryId) {
  return { writeId: newId(parseWriteId), entryId, baseRev: ledger.expected(entryId)?.rev ?? 1 };
}
