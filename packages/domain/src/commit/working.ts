import { bytesOf } from '../entry.ts';
import type { Body, Entry, Place } from '../entry.ts';
import type { EntryId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { addLines, chargedBytes, chargedFiles, emptyLine } from '../ledger.ts';
import type { Ledger, LedgerLine } from '../ledger.ts';
import type { Change, ChangeAction } from '../change.ts';
import type { Outcome } from '../operation.ts';
import type { Revision } from '../revision.ts';
import type { CommitRequest } from './result.ts';
import type { CommitState, Elsewhere, WriteAnswer } from './state.ts';
import { SubtreeLedger } from './subtree-ledger.ts';
import type { Link, Share } from './subtree-ledger.ts';

/** An entry's way up: is it live, how deep is it (top level: 1). */
export type Standing = { readonly live: boolean; readonly depth: number };

const placeKey = ({ parentId, name }: Place): string => `${parentId}/${name}`;

/** The line that one file counts for; nothing for other kinds. */
export function lineOf(entry: Pick<Entry, 'body'>): LedgerLine {
  return entry.body.kind === 'file' ? { files: 1, bytes: bytesOf(entry.body) } : emptyLine;
}

/** True when both are files with the same bytes: then the second is charged nothing. */
export function sameContent(a: Body | undefined, b: Body): boolean {
  if (a?.kind !== 'file' || b.kind !== 'file') return false;
  return a.content.listId === b.content.listId && a.content.sizeBytes === b.content.sizeBytes;
}

function linkOf({ entryId, trashed }: Entry): Link {
  return { entryId, trashed: trashed !== undefined };
}

/**
 * The state of a commit while its operations are evaluated: the loaded rows with everything written so far laid over
 * them, so that each operation sees the effects of those before it. It never decides; the evaluators do, and call
 * `put` or `purge` once they have.
 */
export class Working {
  readonly state: CommitState;
  readonly request: CommitRequest;
  readonly elsewhere = new Map<EntryId, Elsewhere['is']>();
  readonly revisions = new Map<string, Revision>();
  readonly sums: SubtreeLedger;
  /** Written by this commit, in order. */
  readonly written: { revisions: Revision[]; changes: Change[]; answers: WriteAnswer[]; purged: Set<EntryId>; touched: Set<EntryId> };
  ledger: Ledger;
  seq: number;
  readonly #entries = new Map<EntryId, Entry>();
  readonly #places = new Map<string, EntryId>();
  readonly #answers = new Map<string, WriteAnswer>();
  /** Remembered walks upwards; forgotten whenever a folder changes place or state. */
  readonly #standings = new Map<EntryId, Standing>();
  readonly #followed = new Map<EntryId, readonly Link[]>();

  constructor(state: CommitState, request: CommitRequest) {
    this.state = state;
    this.request = request;
    this.seq = state.drive.seq;
    this.ledger = state.drive.ledger;
    this.written = { revisions: [], changes: [], answers: [], purged: new Set(), touched: new Set() };
    for (const entry of state.entries) this.#entries.set(entry.entryId, entry);
    for (const row of state.elsewhere) this.elsewhere.set(row.entryId, row.is);
    for (const child of state.children) this.#places.set(placeKey(child), child.entryId);
    for (const answer of state.answers) this.#answers.set(`${answer.entryId}/${answer.writeId}`, answer);
    for (const row of state.revisions) this.revisions.set(`${row.drive}/${row.entryId}/${row.rev}`, row);
    const active = request.operations.some(({ op }) => op === 'delete' || op === 'untrash' || op === 'purge');
    this.sums = new SubtreeLedger(state.sums, active);
  }

  /** The entry's newest state, or `undefined` when this drive has none: never had, or purged in this commit. */
  find(entryId: EntryId): Entry | undefined {
    const entry = this.#entries.get(entryId);
    if (entry === undefined || this.written.purged.size === 0) return entry;
    return this.#isGone(entry) ? undefined : entry;
  }

  /** True for an entry that was here and was purged by this commit, itself or with a folder above it. */
  isPurged(entryId: EntryId): boolean {
    return this.#entries.has(entryId) && this.find(entryId) === undefined;
  }

  /** The untrashed child at a place. */
  childAt(place: Place): EntryId | undefined {
    return this.#places.get(placeKey(place));
  }

  answerOf(entryId: EntryId, writeId: string): WriteAnswer | undefined {
    return this.#answers.get(`${entryId}/${writeId}`);
  }

  /** Whether an entry (or the root: live, depth 0) is live, and how deep it is. Remembered until a folder moves. */
  standing(entryId: EntryId): Standing {
    const path: Entry[] = [];
    let id = entryId;
    let standing = this.#standings.get(id);
    while (standing === undefined && id !== this.state.drive.rootId) {
      const entry = this.#step(id, path.length);
      path.push(entry);
      id = entry.parentId;
      standing = this.#standings.get(id);
    }
    standing ??= { live: true, depth: 0 };
    for (const { entryId: below, trashed } of path.reverse()) {
      standing = { live: standing.live && trashed === undefined, depth: standing.depth + 1 };
      this.#standings.set(below, standing);
    }
    return standing;
  }

  /** True when `above` is `entryId` itself or one of its ancestors. */
  isUnder(entryId: EntryId, above: EntryId): boolean {
    let id = entryId;
    for (let steps = 0; id !== this.state.drive.rootId; steps += 1) {
      if (id === above) return true;
      id = this.#step(id, steps).parentId;
    }
    return id === above;
  }

  /** By how much charged bytes have grown so far. */
  get grownBytes(): number {
    return chargedBytes(this.ledger) - chargedBytes(this.state.drive.ledger);
  }

  /** By how many files current and trash have grown so far. */
  get grownFiles(): number {
    return chargedFiles(this.ledger) - chargedFiles(this.state.drive.ledger);
  }

  /** Writes a new state: entry, revision, change, answer; moves ledger, sums and the name. The checks are done. */
  put(before: Entry | undefined, after: Entry, action: ChangeAction, writeId: WriteAnswer['writeId']): Outcome {
    const { author, nowMs } = this.request;
    const charged = after.body.kind === 'file' && !sameContent(before?.body, after.body);
    if (before === undefined) this.sums.start(after.entryId);
    else this.#leave(before);
    this.#entries.set(after.entryId, after);
    this.#forgetWalks(after);
    this.#arrive(before, after, charged);
    const revision: Revision = {
      ...author,
      entryId: after.entryId,
      rev: after.rev,
      seq: after.seq,
      atMs: nowMs,
      parentId: after.parentId,
      name: after.name,
      trashed: after.trashed !== undefined,
      body: after.body,
      charged,
    };
    this.revisions.set(`${this.state.drive.driveId}/${after.entryId}/${after.rev}`, revision);
    this.written.revisions.push(revision);
    this.written.touched.add(after.entryId);
    return this.#record(after.entryId, after.rev, action, writeId);
  }

  /** Removes a trashed entry and all under it for good. */
  purge(entry: Entry, share: Share, writeId: WriteAnswer['writeId']): Outcome {
    this.sums.add(() => this.#chainAbove(entry), { ...share, kept: emptyLine }, -1);
    this.ledger = {
      current: this.ledger.current,
      history: addLines(this.ledger.history, share.history, -1),
      trash: addLines(this.ledger.trash, share.all, -1),
    };
    this.written.purged.add(entry.entryId);
    this.#forgetWalks(entry);
    return this.#record(entry.entryId, entry.rev + 1, 'purged', writeId);
  }

  #record(entryId: EntryId, rev: number, action: ChangeAction, writeId: WriteAnswer['writeId']): Outcome {
    this.seq += 1;
    this.written.changes.push({ ...this.request.author, seq: this.seq, entryId, rev, action, atMs: this.request.nowMs });
    const answer: WriteAnswer = { entryId, writeId, rev, seq: this.seq };
    this.written.answers.push(answer);
    this.#answers.set(`${entryId}/${writeId}`, answer);
    return { outcome: 'committed', entryId, rev, seq: this.seq };
  }

  /** Takes an entry out of its place: its name is free again, and those above no longer count it. */
  #leave(before: Entry): void {
    if (before.trashed === undefined) this.#places.delete(placeKey(before));
    this.sums.add(() => this.#chainAbove(before), this.#seenFromAbove(before, emptyLine), -1);
  }

  /** Puts an entry into its place, with its new content, and moves the drive's ledger accordingly. */
  #arrive(before: Entry | undefined, after: Entry, charged: boolean): void {
    if (after.trashed === undefined) this.#places.set(placeKey(after), after.entryId);
    const was = before === undefined ? emptyLine : lineOf(before);
    const grown = addLines(lineOf(after), was, -1);
    const replaced = charged && before !== undefined ? was : emptyLine;
    this.sums.add(() => [linkOf(after)], { kept: grown, all: grown, history: replaced });
    this.sums.add(() => this.#chainAbove(after), this.#seenFromAbove(after, replaced));
    const { current, history, trash } = this.ledger;
    const moved = before === undefined ? emptyLine : this.#movedLine(before, after);
    this.ledger = {
      current: addLines(addLines(current, grown), moved, -1),
      history: addLines(history, replaced),
      trash: addLines(trash, moved),
    };
  }

  /** What goes to the trash with this change (negative: comes out of it). */
  #movedLine(before: Entry, after: Entry): LedgerLine {
    if ((before.trashed === undefined) === (after.trashed === undefined)) return emptyLine;
    const share = this.sums.of(after.entryId);
    invariant(share !== undefined, 'the sums of what is deleted or untrashed are loaded');
    return after.trashed === undefined ? addLines(emptyLine, share.kept, -1) : share.kept;
  }

  /** The part of an entry's sums that those above it count: a trashed entry keeps what it holds to itself. */
  #seenFromAbove(entry: Entry, replaced: LedgerLine): Share {
    // Folders that come or go are followed; a file that is not contributes its own line and what it just replaced.
    const share = this.sums.of(entry.entryId) ?? { kept: lineOf(entry), all: lineOf(entry), history: replaced };
    return entry.trashed === undefined ? share : { ...share, kept: emptyLine };
  }

  /** The links above an entry that matter to sums: followed ones, and trashed ones, which keep what they hold. */
  #chainAbove({ parentId }: Entry): readonly Link[] {
    const known = this.#followed.get(parentId);
    if (known !== undefined) return known;
    const links: Link[] = [];
    for (let id = parentId, steps = 0; id !== this.state.drive.rootId; steps += 1) {
      const entry = this.#step(id, steps);
      if (entry.trashed !== undefined || this.sums.of(id) !== undefined) links.push(linkOf(entry));
      id = entry.parentId;
    }
    this.#followed.set(parentId, links);
    return links;
  }

  #forgetWalks({ entryId, body, rev }: Entry): void {
    if (body.kind !== 'folder') this.#standings.delete(entryId);
    if (body.kind !== 'folder' || rev === 1) return;
    this.#standings.clear();
    this.#followed.clear();
  }

  #isGone(entry: Entry): boolean {
    for (let id = entry.entryId, steps = 0; id !== this.state.drive.rootId; steps += 1) {
      if (this.written.purged.has(id)) return true;
      id = this.#step(id, steps).parentId;
    }
    return false;
  }

  /** One step of a walk upwards; a walk longer than there are entries would be a cycle. */
  #step(entryId: EntryId, steps: number): Entry {
    const entry = this.#entries.get(entryId);
    invariant(entry !== undefined, 'every ancestor of a loaded entry is loaded');
    invariant(steps <= this.#entries.size, 'the tree has no cycle');
    return entry;
  }
}
