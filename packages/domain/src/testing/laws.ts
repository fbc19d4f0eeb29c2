import type { EntryId } from '../ids.ts';
import type { Ledger } from '../ledger.ts';
import type { MemoryDrive } from '../memory-drive.ts';
import { recount } from '../memory-ledger.ts';
import type { Operation } from '../operation.ts';
import type { Revision } from '../revision.ts';
import type { Step } from './history.ts';
import { held, heldFiles } from './history.ts';

/** A law looks at the world after a commit and throws when it does not hold. It never asks the rule. */
export type Law = (drive: MemoryDrive, step: Step) => void;

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Every entry reaches the root. */
export const noCycle: Law = (drive) => {
  for (const entry of drive.entries.values()) {
    let id: EntryId = entry.entryId;
    for (let steps = 0; id !== drive.drive.rootId; steps += 1) {
      const next = drive.entries.get(id);
      must(next !== undefined && steps <= drive.entries.size, `${entry.entryId} does not reach the root`);
      id = next!.parentId;
    }
  }
};

/** One name, one untrashed child. */
export const uniqueNames: Law = (drive) => {
  const seen = new Set<string>();
  for (const { parentId, name, trashed } of drive.entries.values()) {
    if (trashed !== undefined) continue;
    must(!seen.has(`${parentId}/${name}`), `two children named ${name}`);
    seen.add(`${parentId}/${name}`);
  }
};

/** seq counts the committed operations of the journal, 1 to n. */
export const gapFree: Law = (drive, { done, seqBefore, answersBefore, request }) => {
  const fresh = done.outcomes.filter((outcome) => outcome.outcome === 'committed' && outcome.seq > seqBefore);
  const seqs = [...new Set(fresh.map((outcome) => (outcome.outcome === 'committed' ? outcome.seq : 0)))];
  must(
    seqs.every((seq, index) => seq === seqBefore + 1 + index),
    'a commit numbers its changes in order',
  );
  must(drive.drive.seq === drive.changes.length && drive.drive.seq === seqBefore + seqs.length, 'seq counts the changes');
  must(answersBefore.size + seqs.length === drive.answers.size, `every change has an answer (${request.operations.length} operations)`);
};

/** Whatever the writer had not seen is as it was: contents for edits, places for moves, everything for deletes. */
export const noStaleWrite: Law = (drive, { request, done, seqBefore }) => {
  for (const [index, operation] of request.operations.entries()) {
    const outcome = done.outcomes[index]!;
    if (outcome.outcome !== 'committed' || outcome.seq <= seqBefore) continue;
    const missed = missedBy(drive, operation, outcome.rev);
    const base = 'baseRev' in operation && operation.baseRev !== null ? drive.revision(operation.entryId, operation.baseRev) : undefined;
    if (base === undefined) continue;
    const same = operation.op === 'move' ? samePlace : operation.op === 'delete' ? () => false : sameBody;
    must(
      missed.every((revision) => same(base, revision)),
      `${operation.op} went over what its writer had not seen`,
    );
  }
};

function missedBy(drive: MemoryDrive, operation: Operation, rev: number): Revision[] {
  if (!('baseRev' in operation) || operation.baseRev === null) return [];
  const { baseRev } = operation;
  return (drive.revisions.get(operation.entryId) ?? []).filter((revision) => revision.rev > baseRev && revision.rev < rev);
}

const sameBody = (a: Revision, b: Revision) => JSON.stringify(a.body) === JSON.stringify(b.body);
const samePlace = (a: Revision, b: Revision) => a.parentId === b.parentId && a.name === b.name && a.trashed === b.trashed;

/** Nothing under a folder deleted just now was changed by an earlier commit that the deleter had not seen. */
export const deletesOnlySeen: Law = (drive, { request, done, seqBefore }) => {
  for (const [index, operation] of request.operations.entries()) {
    const outcome = done.outcomes[index]!;
    if (operation.op !== 'delete' || outcome.outcome !== 'committed' || outcome.seq <= seqBefore) continue;
    if (drive.entries.get(operation.entryId)?.trashed?.seq !== outcome.seq) continue;
    for (const { entryId } of drive.changes.slice(operation.seenSeq, seqBefore)) {
      must(entryId === operation.entryId || !isUnder(drive, entryId, operation.entryId), 'a delete took what its author had not seen');
    }
  }
};

function isUnder(drive: MemoryDrive, entryId: EntryId, above: EntryId): boolean {
  for (let entry = drive.entries.get(entryId); entry !== undefined; entry = drive.entries.get(entry.parentId)) {
    if (entry.entryId === above) return true;
  }
  return false;
}

/** A write that was answered before is answered the same and changes nothing. */
export const repeatsAnswerAlike: Law = (_drive, { request, done, seqBefore, answersBefore }) => {
  const answers = new Map<string, unknown>(answersBefore);
  for (const [index, operation] of request.operations.entries()) {
    const key = `${operation.entryId}/${operation.writeId}`;
    const outcome = done.outcomes[index]!;
    const known = answers.get(key) as { rev: number; seq: number } | undefined;
    const alike = known !== undefined && outcome.outcome === 'committed' && outcome.seq === known.seq && outcome.rev === known.rev;
    must(known === undefined || alike, 'a repeat answers the original');
    if (known === undefined && outcome.outcome === 'committed') answers.set(key, outcome);
  }
  must(
    done.changes.every(({ seq }) => seq > seqBefore),
    'old changes stay',
  );
  must(
    done.answers.every((answer) => !answersBefore.has(`${answer.entryId}/${answer.writeId}`)),
    'a repeat writes nothing',
  );
};

/** Atomic: every operation committed, or nothing was written. */
export const atomicIsWhole: Law = (drive, { request, done, seqBefore }) => {
  if (!request.atomic || done.outcomes.every(({ outcome }) => outcome === 'committed')) return;
  const rows = done.entries.length + done.revisions.length + done.changes.length + done.answers.length + done.purged.length;
  must(drive.drive.seq === seqBefore && rows === 0, 'half an atomic commit');
};

/** The drive grew by no more than the budget. */
export const withinBudget: Law = (drive, { request, done, bytesBefore, filesBefore }) => {
  const grown = held(drive) - bytesBefore;
  must(grown <= request.budget.growBytes, `grew by ${grown}`);
  must(grown === done.grownBytes, 'grownBytes is what it grew');
  const grownFiles = heldFiles(drive) - filesBefore;
  must(grownFiles === done.grownFiles, 'grownFiles is what it grew');
  must(grownFiles <= Math.max(0, request.budget.files?.growFiles ?? Infinity), `grew by ${grownFiles} files`);
};

/** The ledger that was kept is the one that the rows say. */
export const ledgerIsRecount: Law = (drive) => {
  const kept = JSON.stringify(order(drive.drive.ledger));
  const counted = JSON.stringify(order(recount(drive)));
  must(kept === counted, `ledger ${kept}, recount ${counted}`);
};

const order = ({ current, history, trash }: Ledger) => [current, history, trash].map(({ files, bytes }) => [files, bytes]);

/** The newest state is the newest revision, and the counters say what they promise. */
export const countersHold: Law = (drive) => {
  for (const entry of drive.entries.values()) {
    const revisions = drive.revisions.get(entry.entryId) ?? [];
    must(revisions.every(({ rev }, index) => rev === index + 1) && revisions.length === entry.rev, 'revisions count 1 to rev');
    must(entry.rev === Math.max(entry.contentRev, entry.placeRev), 'rev moves with content or place');
    const newest = revisions.at(-1)!;
    must(
      revisions.slice(entry.contentRev - 1).every((one) => sameBody(one, newest)),
      'contentRev is the last change of content',
    );
    must(
      revisions.slice(entry.placeRev - 1).every((one) => samePlace(one, newest)),
      'placeRev is the last change of place',
    );
  }
};
