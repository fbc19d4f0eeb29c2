import type { Change } from './change.ts';
import { commit } from './commit.ts';
import { needsOf } from './commit/needs-of.ts';
import type { CommitNeeds } from './commit/needs.ts';
import type { CommitDone, CommitRequest, CommitResult } from './commit/result.ts';
import type { CommitState, Elsewhere, SeenChange, WriteAnswer } from './commit/state.ts';
import type { Drive } from './drive.ts';
import type { Entry } from './entry.ts';
import type { DriveId, EntryId } from './ids.ts';
import { invariant } from './invariant.ts';
import { sumSubtree } from './memory-ledger.ts';
import type { Revision } from './revision.ts';

/** What a memory drive cannot know by itself: the rest of the tenant. */
export type Surroundings = {
  /** Where an id is used outside this drive, if anywhere. */
  readonly elsewhere?: (entryId: EntryId) => Elsewhere['is'] | undefined;
  /** A revision in another drive, if the actor may read it. */
  readonly revision?: (drive: DriveId, entryId: EntryId, rev: number) => Revision | undefined;
  /** True for a shared drive that the actor holds a grant on. */
  readonly mountable?: (drive: DriveId) => boolean;
};

/**
 * A drive held in maps: the same load, rule and write as the metadata service, without the database. The simulator and
 * the tests of the rule run on it. Reading is in `read-drive.ts`. Not for concurrent use: a commit is one call.
 */
export class MemoryDrive {
  drive: Drive;
  readonly entries = new Map<EntryId, Entry>();
  /** Per entry, in order of `rev`. */
  readonly revisions = new Map<EntryId, Revision[]>();
  /** `changes[i].seq === i + 1`. */
  readonly changes: Change[] = [];
  readonly answers = new Map<string, WriteAnswer>();
  readonly tombstones = new Set<EntryId>();
  /** Every child of a folder, in the trash or not. */
  readonly children = new Map<EntryId, Set<EntryId>>();
  readonly #around: Surroundings;

  constructor(drive: Drive, around: Surroundings = {}) {
    this.drive = drive;
    this.#around = around;
  }

  /** Loads, decides and writes. */
  commit(request: CommitRequest): CommitResult {
    const result = commit(this.load(needsOf(request.operations), request.limits.seenChanges), request);
    if (result.result === 'done') this.apply(result);
    return result;
  }

  /** Answers exactly the rows asked for. */
  load(needs: CommitNeeds, seenChanges: number): CommitState {
    const changed = this.#changed(needs, seenChanges);
    const rows = new Map<EntryId, Entry>();
    for (const entryId of [...needs.entryIds, ...changed.entries.map((change) => change.entryId)]) this.#collect(entryId, rows);
    const places = [...needs.places, ...needs.ownPlaces.map((id) => this.entries.get(id)).filter((entry) => entry !== undefined)];
    return {
      drive: this.drive,
      entries: [...rows.values()],
      elsewhere: needs.targetIds.flatMap((entryId) => this.#elsewhere(entryId)),
      children: places.flatMap(({ parentId, name }) => {
        const child = this.childrenOf(parentId).find((entry) => entry.name === name && entry.trashed === undefined);
        return child === undefined ? [] : [{ parentId, name, entryId: child.entryId }];
      }),
      answers: needs.writes.map((key) => this.answers.get(`${key.entryId}/${key.writeId}`)).filter((answer) => answer !== undefined),
      revisions: needs.revisions.flatMap(({ drive = this.drive.driveId, entryId, rev }) => {
        const revision = drive === this.drive.driveId ? this.revision(entryId, rev) : this.#around.revision?.(drive, entryId, rev);
        return revision === undefined ? [] : [{ ...revision, drive }];
      }),
      sums: needs.sums.filter((entryId) => this.entries.has(entryId)).map((entryId) => sumSubtree(this, entryId)),
      changed,
      mountable: needs.mountable.filter((drive) => this.#around.mountable?.(drive) ?? false),
    };
  }

  /** Writes a result, in the order that `CommitDone` states. */
  apply(done: CommitDone): void {
    for (const entry of done.entries) this.#upsert(entry);
    for (const revision of done.revisions) {
      const older = this.revisions.get(revision.entryId);
      if (older === undefined) this.revisions.set(revision.entryId, [revision]);
      else older.push(revision);
    }
    for (const change of done.changes) {
      invariant(change.seq === this.changes.length + 1, 'the journal has no gap');
      this.changes.push(change);
    }
    for (const answer of done.answers) this.answers.set(`${answer.entryId}/${answer.writeId}`, answer);
    for (const entryId of done.purged) this.#purge(entryId);
    this.drive = { ...this.drive, seq: done.seq, ledger: done.ledger };
  }

  /** All children of a folder or the root, in the trash or not; in no particular order. */
  childrenOf(parentId: EntryId): Entry[] {
    return [...(this.children.get(parentId) ?? [])].map((entryId) => this.entries.get(entryId)).filter((entry) => entry !== undefined);
  }

  revision(entryId: EntryId, rev: number): Revision | undefined {
    return this.revisions.get(entryId)?.find((revision) => revision.rev === rev);
  }

  #collect(entryId: EntryId, rows: Map<EntryId, Entry>): void {
    let entry = this.entries.get(entryId);
    while (entry !== undefined && !rows.has(entry.entryId)) {
      rows.set(entry.entryId, entry);
      entry = this.entries.get(entry.parentId);
    }
  }

  #elsewhere(entryId: EntryId): Elsewhere[] {
    if (this.entries.has(entryId)) return [];
    const is = this.tombstones.has(entryId) ? 'tombstone' : this.#around.elsewhere?.(entryId);
    return is === undefined ? [] : [{ entryId, is }];
  }

  #changed(needs: CommitNeeds, seenChanges: number): CommitState['changed'] {
    if (needs.seen === undefined) return { complete: true, entries: [] };
    const newest = new Map<EntryId, SeenChange>();
    for (const { entryId, seq } of this.changes.slice(Math.max(0, needs.seen.afterSeq))) {
      if (this.entries.has(entryId)) newest.set(entryId, { entryId, seq });
    }
    return { complete: newest.size <= seenChanges, entries: [...newest.values()].slice(0, seenChanges) };
  }

  #upsert(entry: Entry): void {
    const before = this.entries.get(entry.entryId);
    if (before !== undefined) this.children.get(before.parentId)?.delete(entry.entryId);
    this.entries.set(entry.entryId, entry);
    const siblings = this.children.get(entry.parentId) ?? new Set();
    this.children.set(entry.parentId, siblings.add(entry.entryId));
  }

  #purge(entryId: EntryId): void {
    for (const child of this.childrenOf(entryId)) this.#purge(child.entryId);
    const entry = this.entries.get(entryId);
    if (entry !== undefined) this.children.get(entry.parentId)?.delete(entryId);
    this.entries.delete(entryId);
    this.revisions.delete(entryId);
    this.children.delete(entryId);
    this.tombstones.add(entryId);
  }
}
