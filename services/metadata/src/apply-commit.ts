import { randomUUID } from 'node:crypto';
import { changeActions, entryKinds, type CommitDone, type CommitState, type Entry, type Revision } from '@driftbox/domain';
import { appendOutbox, type Transaction } from '@driftbox/postgres';
import { filesCommitted } from './events.ts';
import { searchName } from './search-name.ts';
import { encodeChunkRows } from './store/chunk-rows.ts';
import { listForms } from './store/entry-row.ts';
import { keepListMembers, keepLists, touchLists } from './store/keep-lists.ts';
import { parkEntries } from './store/park-entries.ts';
import { purgeEntries } from './store/purge-entries.ts';
import { writeCommit, type WrittenChange, type WrittenRevision } from './store/write-commit.ts';

/** Where what has grown comes from, as they are after this commit. */
export type Settled = {
  readonly uploadId: string | undefined;
  readonly leftBytes: number;
  readonly allowanceBytes: number;
  readonly allowanceFiles: number;
};

/** Sends everything a commit writes, none of it awaited: it shares the round trip of the COMMIT. */
export function applyCommit(tx: Transaction, state: CommitState, done: CommitDone, commitId: string | undefined, settled: Settled): void {
  const { driveId } = state.drive;
  const displaced = displacedEntries(state, done);
  if (displaced.length > 0) tx.defer(parkEntries, [tx.tenantId, displaced]);
  sendLists(tx, done.revisions);
  const { current, history, trash } = done.ledger;
  tx.defer(writeCommit, [
    tx.tenantId,
    driveId,
    JSON.stringify(writtenRevisions(done)),
    JSON.stringify(writtenChanges(done)),
    commitId ?? null,
    settled.uploadId ?? null,
    settled.leftBytes,
    done.seq,
    current.files,
    current.bytes,
    history.files,
    history.bytes,
    trash.files,
    trash.bytes,
    settled.allowanceBytes,
    settled.allowanceFiles,
  ]);
  if (done.purged.length > 0) {
    const seqs = new Map(done.changes.filter((change) => change.action === 'purged').map((change) => [change.entryId, change.seq]));
    tx.defer(purgeEntries, [tx.tenantId, driveId, done.purged, done.purged.map((entryId) => seqs.get(entryId))]);
  }
  appendOutbox(tx, filesCommitted(state.drive, done));
}

/** Entries that were somewhere before and end somewhere else, or in the trash, or out of it. */
function displacedEntries(state: CommitState, done: CommitDone): string[] {
  const before = new Map(state.entries.map((entry) => [entry.entryId, entry]));
  return done.entries
    .filter((entry) => {
      const was = before.get(entry.entryId);
      return (
        was !== undefined &&
        (was.parentId !== entry.parentId || was.name !== entry.name || (was.trashed === undefined) !== (entry.trashed === undefined))
      );
    })
    .map((entry) => entry.entryId);
}

/** Inline lists are stored; segmented ones are there, and only marked as young. */
function sendLists(tx: Transaction, revisions: readonly Revision[]): void {
  const roots = revisions.flatMap(({ body, charged }) =>
    charged && body.kind === 'file' && body.content.chunks === undefined ? [body.content.listId] : [],
  );
  if (roots.length > 0) tx.defer(touchLists, [tx.tenantId, roots]);
  const lists = new Map<string, string>();
  const members: { digest: string; list: string }[] = [];
  for (const { body, charged } of revisions) {
    if (body.kind !== 'file' || !charged || formOf(body.content.chunks) !== listForms.inline) continue;
    const { listId, chunks = [] } = body.content;
    if (chunks.length === 0 || lists.has(listId)) continue;
    lists.set(listId, encodeChunkRows(chunks).toString('hex'));
    for (const digest of new Set(chunks.map((chunk) => chunk.digest))) members.push({ digest, list: listId });
  }
  if (lists.size === 0) return;
  tx.defer(keepLists, [tx.tenantId, [...lists.keys()], [...lists.keys()].map(() => listForms.inline), [...lists.values()]]);
  tx.defer(keepListMembers, [tx.tenantId, members.map((member) => member.digest), members.map((member) => member.list)]);
}

function formOf(chunks: readonly unknown[] | undefined): number {
  if (chunks === undefined) return listForms.segmented;
  return chunks.length === 1 ? listForms.oneChunk : listForms.inline;
}

function writtenRevisions(done: CommitDone): WrittenRevision[] {
  const newest = new Map(done.entries.map((entry) => [entry.entryId, entry]));
  return done.revisions.map((revision) => {
    const entry = newest.get(revision.entryId);
    const latest = entry?.rev === revision.rev;
    return {
      entry: revision.entryId,
      parent: revision.parentId,
      name: revision.name,
      search: searchName(revision.name),
      rev: revision.rev,
      seq: revision.seq,
      ...writtenBody(revision),
      at: revision.atMs,
      by: revision.by,
      device: revision.device,
      trashed: revision.trashed,
      charged: revision.charged,
      latest,
      ...(latest && entry !== undefined ? writtenState(entry) : {}),
    };
  });
}

function writtenBody({
  body,
}: Revision): Pick<WrittenRevision, 'kind' | 'list' | 'form' | 'size' | 'mtime' | 'executable' | 'target' | 'mounted'> {
  const kind = entryKinds.indexOf(body.kind);
  switch (body.kind) {
    case 'file': {
      const { listId, sizeBytes, chunks } = body.content;
      return { kind, list: listId, form: formOf(chunks), size: sizeBytes, mtime: body.mtimeMs, executable: body.executable };
    }
    case 'folder':
      return { kind, executable: false };
    case 'symlink':
      return { kind, target: body.target, mtime: body.mtimeMs, executable: false };
    case 'mount':
      return { kind, mounted: body.drive, executable: false };
  }
}

function writtenState({ contentRev, placeRev, trashed }: Entry): Partial<WrittenRevision> {
  return { content_rev: contentRev, place_rev: placeRev, trashed_seq: trashed?.seq, trashed_at: trashed?.atMs, trashed_by: trashed?.by };
}

/** A change that answers nobody's write, as the arrival of what another drive's move sent, is stored under a write id of its own. */
function writtenChanges(done: CommitDone): WrittenChange[] {
  const writes = new Map(done.answers.map((answer) => [answer.seq, answer.writeId]));
  return done.changes.map((change) => ({
    seq: change.seq,
    entry: change.entryId,
    write: writes.get(change.seq) ?? randomUUID(),
    rev: change.rev,
    action: changeActions.indexOf(change.action),
    ...(change.action === 'purged' ? { by: change.by, device: change.device, at: change.atMs } : {}),
  }));
}
