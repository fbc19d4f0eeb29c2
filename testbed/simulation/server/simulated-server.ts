import {
  commit,
  defaultLimits,
  emptyLedger,
  MemoryDrive,
  needsOf,
  type Change,
  type CommitRequest,
  type CommitResult,
  type CommitState,
  type Drive,
  type DriveId,
  type Entry,
  type EntryId,
  type Operation,
  type Outcome,
  type Role,
  type UserId,
} from '@driftbox/domain';
import { CursorExpired, Offline, type ChangesPage, type RemoteChange } from '@driftbox/sync-client';
import type { RemoteEntry, SyncBody } from '@driftbox/sync-core';

const id = (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** The n-th person's. */
export function userOf(person: number): UserId {
  return id(0xa11ce + person) as UserId;
}

/** The n-th drive's. */
export function driveIdOf(number: number): DriveId {
  return id(0xd + number) as DriveId;
}

/** The root of another drive, if the owner of this one may see it. */
export type SeenDrive = (drive: DriveId) => EntryId | undefined;

/** The commit rule, or a broken one. */
export type Rule = (state: CommitState, request: CommitRequest) => CommitResult;

/** What a commit was asked and what it did, for the oracles. */
export type Committed = {
  readonly request: CommitRequest;
  readonly result: CommitResult;
  readonly drive: MemoryDrive;
  readonly server: SimulatedServer;
};

/** On whose behalf something is written. */
export type Writer = { readonly by: UserId; readonly role: Role };

/** A drive before anything is in it: the how-manyth, from 0, and whose. */
export type DriveOptions = {
  readonly number: number;
  readonly kind: Drive['kind'];
  readonly owner: number;
  readonly sees: SeenDrive;
  /** Whether another drive has an entry of this id, live or in the trash: ids are the tenant's. */
  readonly isUsedBeside: (entryId: EntryId, drive: SimulatedServer) => boolean;
  /** What became a drive, where it was something else before. */
  readonly made?: MemoryDrive | undefined;
};

type Cursor = { readonly epoch: string; readonly seq: number; readonly listedTo: number };

/** The server of one drive: the real commit rule over a drive in memory, with its feed. Each call happens at one moment. */
export class SimulatedServer {
  drive: MemoryDrive;
  isDown = false;
  /** Cursors before it are refused. */
  horizonSeq = 0;
  onCommit: (committed: Committed) => void = () => {};
  readonly driveId: DriveId;
  readonly rootId: EntryId;
  readonly owner: number;
  readonly #rule: Rule;
  readonly #clock: () => number;
  readonly #sees: SeenDrive;
  readonly #isUsedBeside: DriveOptions['isUsedBeside'];

  constructor(clock: () => number, { number, kind, owner, sees, isUsedBeside, made }: DriveOptions, rule: Rule = commit) {
    this.#clock = clock;
    this.#rule = rule;
    this.#sees = sees;
    this.#isUsedBeside = isUsedBeside;
    this.driveId = made?.drive.driveId ?? driveIdOf(number);
    this.rootId = made?.drive.rootId ?? (id(0xaaaa + number) as EntryId);
    this.owner = owner;
    const { driveId, rootId } = this;
    this.drive = made
      ? this.#copyOf(made, made.drive)
      : this.#held({ driveId, rootId, kind, epoch: 'epoch 1', seq: 0, locked: false, ledger: emptyLedger });
  }

  /** By the drive's owner, unless it is said by whom. */
  commit(epoch: string, operations: readonly Operation[], atomic = false, writer?: Writer): readonly Outcome[] {
    this.mustBeUp();
    const { by, role } = writer ?? { by: userOf(this.owner), role: 'owner' };
    const request: CommitRequest = {
      driveEpoch: epoch,
      operations,
      atomic,
      author: { by, device: undefined },
      role,
      budget: { growBytes: 1e9, limit: 'user', limitBytes: 1e9, usedBytes: 0 },
      limits: defaultLimits,
      nowMs: this.#clock(),
    };
    const result = this.#rule(this.drive.load(needsOf(operations), defaultLimits.seenChanges), request);
    if (result.result !== 'done') throw new CursorExpired('another epoch');
    this.drive.apply(result);
    this.onCommit({ request, result, drive: this.drive, server: this });
    return result.outcomes;
  }

  /** The feed in order of `seq`, superseded states left out, as the metadata service answers it. */
  changes(after: string | undefined, limit: number): ChangesPage {
    this.mustBeUp();
    const { epoch, seq: head } = this.drive.drive;
    const from = after === undefined ? { epoch, seq: 0, listedTo: head } : (JSON.parse(after) as Cursor);
    const known = from.epoch === epoch && from.seq <= head && (from.seq >= this.horizonSeq || from.seq < from.listedTo);
    if (!known) throw new CursorExpired('the journal does not go back that far');
    const rows: RemoteChange[] = [];
    let told = 0;
    let seq = from.seq;
    while (seq < head && told < limit) {
      seq += 1;
      const change = this.drive.changes[seq - 1]!;
      const entry = this.drive.entries.get(change.entryId);
      if (seq <= from.listedTo) rows.push(...this.#broughtBy(change));
      if (entry !== undefined && entry.seq !== seq) continue;
      told += 1;
      const remote = entry !== undefined && this.isLive(entry) ? this.#remoteOf(entry) : undefined;
      if (remote !== undefined) rows.push({ seq, entry: remote });
      else if (seq > from.listedTo) rows.push({ seq, gone: change.entryId });
    }
    const cursor: Cursor = { epoch, seq, listedTo: from.listedTo };
    return { changes: rows, nextCursor: JSON.stringify(cursor), head, more: seq < head, epoch };
  }

  below(folderId: EntryId): readonly RemoteEntry[] {
    this.mustBeUp();
    const folder = this.drive.entries.get(folderId);
    if (folder === undefined || !this.isLive(folder)) return [];
    const found: Entry[] = [folder];
    for (const { entryId } of found) found.push(...this.drive.childrenOf(entryId).filter((child) => child.trashed === undefined));
    return found.slice(1).flatMap((entry) => this.#remoteOf(entry) ?? []);
  }

  /** Whether this drive can give out a file's content: some kept revision has it. */
  holds({ entryId, body }: RemoteEntry): boolean {
    this.mustBeUp();
    if (body.kind !== 'file') return false;
    const revisions = this.drive.revisions.get(entryId) ?? [];
    return revisions.some((revision) => revision.body.kind === 'file' && revision.body.content.listId === body.listId);
  }

  isLive(entry: Entry): boolean {
    for (let at: Entry | undefined = entry; ; at = this.drive.entries.get(at.parentId)) {
      if (at === undefined || at.trashed !== undefined) return false;
      if (at.parentId === this.rootId) return true;
    }
  }

  /** A copy of all rows, which are values. */
  backUp(): MemoryDrive {
    return this.#copyOf(this.drive, this.drive.drive);
  }

  restore(backup: MemoryDrive, epoch: string): void {
    this.drive = this.#copyOf(backup, { ...backup.drive, epoch, locked: false });
    this.horizonSeq = 0;
  }

  /** Throws `Offline`. */
  mustBeUp(): void {
    if (this.isDown) throw new Offline('the server is down');
  }

  #held(drive: Drive): MemoryDrive {
    return new MemoryDrive(drive, {
      mountable: (other) => this.#sees(other) !== undefined,
      elsewhere: (entryId) => (this.#isUsedBeside(entryId, this) ? 'used' : undefined),
    });
  }

  #copyOf(from: MemoryDrive, drive: Drive): MemoryDrive {
    const copy = this.#held(drive);
    for (const [key, entry] of from.entries) copy.entries.set(key, entry);
    for (const [key, revisions] of from.revisions) copy.revisions.set(key, [...revisions]);
    copy.changes.push(...from.changes);
    for (const [key, answer] of from.answers) copy.answers.set(key, answer);
    for (const one of from.tombstones) copy.tombstones.add(one);
    for (const [key, children] of from.children) copy.children.set(key, new Set(children));
    return copy;
  }

  /** What came with a folder from another drive, and was not touched since. A list of everything tells it, the journal does not. */
  #broughtBy({ seq, entryId, action }: Change): RemoteChange[] {
    if (action !== 'moved') return [];
    const brought = [...this.drive.entries.values()].filter(
      (entry) => entry.seq === seq && entry.entryId !== entryId && this.isLive(entry),
    );
    return brought.flatMap((one) => {
      const entry = this.#remoteOf(one);
      return entry === undefined ? [] : [{ seq, entry }];
    });
  }

  /** An entry as a client is told of it; `undefined` for a mount of a drive that may not be seen. */
  #remoteOf({ entryId, parentId, name, rev, body }: Entry): RemoteEntry | undefined {
    if (body.kind !== 'mount') return { entryId, parentId, name, rev, body: syncBodyOf(body) };
    const rootId = this.#sees(body.drive);
    return rootId && { entryId, parentId, name, rev, body: { kind: 'mount', drive: body.drive, rootId } };
  }
}

function syncBodyOf(body: Exclude<Entry['body'], { readonly kind: 'mount' }>): SyncBody {
  switch (body.kind) {
    case 'file': {
      const { listId, sizeBytes } = body.content;
      return { kind: 'file', listId, sizeBytes, mtimeMs: body.mtimeMs, executable: body.executable };
    }
    case 'symlink':
      return { kind: 'symlink', target: body.target };
    case 'folder':
      return { kind: 'folder' };
  }
}
