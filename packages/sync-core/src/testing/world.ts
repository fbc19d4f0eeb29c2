import assert from 'node:assert/strict';
import { MemoryDrive, defaultLimits, emptyLedger } from '@driftbox/domain';
import type { Body, Digest, Entry, EntryId, Operation, Outcome, Place } from '@driftbox/domain';
import type { NameRules, ReconcileInput } from '../reconcile-input.ts';
import type { RemoteEntry, SyncBody, SyncedEntry } from '../tree.ts';
import { digestOf, driveId, idOf, mountOf, rootId, user, writeIdOf } from './ids.ts';
import { MemoryDisk } from './memory-disk.ts';
import { MemoryTree } from './memory-tree.ts';

type Bare<T> = T extends Operation ? Omit<T, 'writeId'> : never;

/** One device: a disk, a drive with the real commit rule, and what both last agreed on. */
export class World {
  readonly drive = new MemoryDrive(
    { driveId, rootId, kind: 'home', epoch: 'one', seq: 0, locked: false, ledger: emptyLedger },
    { mountable: (drive) => drive === mountOf.drive },
  );
  readonly synced = new MemoryTree<SyncedEntry>();
  readonly disk: MemoryDisk;
  readonly names: NameRules;
  /** Folders that this device does not want. */
  readonly unselected = new Set<EntryId>();
  /** True once a step of a plan was lost. */
  hasLost = false;
  #ids = 0;
  #writes = 0;

  constructor(names: NameRules) {
    this.names = names;
    this.disk = new MemoryDisk(rootId, names);
  }

  freshId(): EntryId {
    return idOf((this.#ids += 1));
  }

  /** The synced tree forgets an entry and all below it that is not on disk. */
  forget(entryId: EntryId): void {
    for (const child of this.synced.childrenOf(entryId)) this.forget(child.entryId);
    if (!this.disk.tree.rows.has(entryId)) this.synced.drop(entryId);
  }

  /** Commits one operation and answers its outcome. */
  commit(operation: Bare<Operation>): Outcome {
    return this.commitTogether([operation])[0]!;
  }

  /** Commits all operations or none, and answers their outcomes. */
  commitTogether(operations: readonly Bare<Operation>[]): readonly Outcome[] {
    const done = this.drive.commit({
      driveEpoch: 'one',
      operations: operations.map((operation) => ({ ...operation, writeId: writeIdOf((this.#writes += 1)) })),
      atomic: true,
      author: { by: user, device: undefined },
      role: 'owner',
      nowMs: 0,
      limits: defaultLimits,
      budget: { growBytes: Number.MAX_SAFE_INTEGER, limit: 'user', limitBytes: Number.MAX_SAFE_INTEGER, usedBytes: 0 },
    });
    assert.ok(done.result === 'done');
    return done.outcomes;
  }

  /** The remote tree as a client has it: rows below a folder in the trash are kept. */
  remoteTree(): MemoryTree<RemoteEntry> {
    return new MemoryTree([...this.drive.entries.values()].filter(({ trashed }) => trashed === undefined).map(remoteOf));
  }

  /** What a plan is made from, now. `reversed` says the same in another order. */
  input(reversed = false): ReconcileInput {
    const remote = this.remoteTree();
    const { tree: local } = this.disk;
    const ids = new Set([...this.synced.rows.keys(), ...local.rows.keys(), ...remote.rows.keys()]);
    const named = [...ids].filter(
      (id) =>
        this.unselected.has(id) ||
        local.rows.get(id)?.unreadable !== undefined ||
        !alike(this.synced.rows.get(id), local.rows.get(id), remote.rows.get(id)),
    );
    return {
      rootId,
      synced: reversed ? this.synced.reversed() : this.synced,
      local: reversed ? local.reversed() : local,
      remote: reversed ? remote.reversed() : remote,
      changed: reversed ? named.reverse() : named,
      names: this.names,
      device: 'laptop',
      date: '2026-11-27',
      selected: ({ entryId }) => !this.unselected.has(entryId),
    };
  }
}

export function remoteOf({ entryId, parentId, name, rev, body }: Entry): RemoteEntry {
  return { entryId, parentId, name, rev, body: syncBodyOf(body) };
}

function syncBodyOf(body: Body): SyncBody {
  if (body.kind === 'symlink') return { kind: 'symlink', target: body.target };
  if (body.kind === 'mount') return mountOf;
  if (body.kind === 'folder') return { kind: 'folder' };
  const { content, mtimeMs, executable } = body;
  return { kind: 'file', listId: content.listId, sizeBytes: content.sizeBytes, mtimeMs, executable };
}

/** The commit rule's content for a digest: one chunk of a byte. */
export function contentOf(digest: Digest) {
  return { listId: digest, sizeBytes: 1, chunks: [{ digest, sizeBytes: 1 }] };
}

export function fileOf(content: number, mtimeMs = 0, executable = false): SyncBody {
  return { kind: 'file', listId: digestOf(content), sizeBytes: 1, mtimeMs, executable };
}

function alike(synced: SyncedEntry | undefined, local: (Place & { body: SyncBody }) | undefined, remote: RemoteEntry | undefined): boolean {
  if (synced === undefined || local === undefined || remote === undefined) return false;
  const key = ({ parentId, name, body }: Place & { body: SyncBody }) => JSON.stringify([parentId, name, body]);
  return synced.rev === remote.rev && key(synced) === key(local) && key(synced) === key(remote);
}
