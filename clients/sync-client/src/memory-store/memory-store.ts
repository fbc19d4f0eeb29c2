import type { EntryId, WriteId } from '@driftbox/domain';
import type { RemoteEntry, SyncedEntry, TreeEntry } from '@driftbox/sync-core';
import { sameBody } from '../local-row.ts';
import type { PendingOperation } from '../ports/server.ts';
import type { FactName, LocalRow, Provisional, Store } from '../ports/store.ts';
import { MemoryTree } from './memory-tree.ts';

/**
 * A store in maps, for the simulator and tests: it survives everything but the process. A transaction that throws is
 * undone; being synchronous, one cannot be cut short otherwise.
 */
export class MemoryStore implements Store {
  readonly synced = new MemoryTree<SyncedEntry>();
  readonly local = new MemoryTree<LocalRow>();
  readonly remote = new MemoryTree<RemoteEntry>();
  readonly #identities = new Map<string, Set<EntryId>>();
  readonly #provisional = new Map<EntryId, Provisional>();
  readonly #pending = new Map<WriteId, PendingOperation>();
  readonly #facts = new Map<FactName, string>();
  /** At least the entries whose states differ. */
  readonly #touched = new Set<EntryId>();
  /** What undoes the transaction under way, oldest first. */
  #undo: (() => void)[] | undefined;

  transaction<T>(work: () => T): T {
    if (this.#undo !== undefined) throw new Error('transactions do not nest');
    const undo: (() => void)[] = [];
    this.#undo = undo;
    try {
      return work();
    } catch (error) {
      for (const step of undo.toReversed()) step();
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  changed(): readonly EntryId[] {
    for (const entryId of this.#touched) if (!this.#differs(entryId)) this.#touched.delete(entryId);
    return [...this.#touched];
  }

  localByIdentity(identity: string): LocalRow | undefined {
    const ids = this.#identities.get(identity);
    const last = ids === undefined ? undefined : [...ids].at(-1);
    return last === undefined ? undefined : this.local.get(last);
  }

  mounts(): { local: LocalRow[]; remote: RemoteEntry[] } {
    const isMount = ({ body }: TreeEntry) => body.kind === 'mount';
    return { local: [...this.local.all()].filter(isMount), remote: [...this.remote.all()].filter(isMount) };
  }

  putSynced(entry: SyncedEntry): void {
    this.#set(this.synced, entry.entryId, entry);
  }
  dropSynced(entryId: EntryId): void {
    this.#set(this.synced, entryId, undefined);
  }
  putLocal(entry: LocalRow): void {
    this.#setLocal(entry.entryId, entry);
  }
  dropLocal(entryId: EntryId): void {
    this.#setLocal(entryId, undefined);
  }
  putRemote(entry: RemoteEntry): void {
    this.#set(this.remote, entry.entryId, entry);
  }
  dropRemote(entryId: EntryId): void {
    this.#set(this.remote, entryId, undefined);
  }
  strays(rootId: EntryId): readonly EntryId[] {
    const isStray = ({ parentId }: RemoteEntry) => parentId !== rootId && this.remote.get(parentId) === undefined;
    return [...this.remote.all()].filter(isStray).map(({ entryId }) => entryId);
  }
  clearRemote(): void {
    for (const { entryId } of this.remote.all()) this.dropRemote(entryId);
  }

  provisional(): readonly Provisional[] {
    return [...this.#provisional.values()];
  }
  keepProvisional(provisional: Provisional): void {
    const { entryId } = provisional;
    if (this.#provisional.has(entryId)) return;
    this.#provisional.set(entryId, provisional);
    this.#undo?.push(() => this.#provisional.delete(entryId));
  }
  dropProvisional(entryIds: readonly EntryId[]): void {
    for (const entryId of entryIds) {
      const before = this.#provisional.get(entryId);
      if (before === undefined) continue;
      this.#provisional.delete(entryId);
      this.#undo?.push(() => this.#provisional.set(entryId, before));
    }
  }

  pending(): readonly PendingOperation[] {
    return [...this.#pending.values()];
  }
  late(of?: EntryId): readonly PendingOperation[] {
    return this.pending().filter(({ mayArrive, operation: { entryId } }) => mayArrive === true && (of === undefined || of === entryId));
  }
  keepPending(operations: readonly PendingOperation[]): void {
    const before = this.pending();
    for (const operation of operations) this.#pending.set(operation.writeId, operation);
    this.#undo?.push(() => this.#setPending(before));
  }
  dropPending(writeIds: readonly WriteId[]): void {
    const before = this.pending();
    for (const writeId of writeIds) this.#pending.delete(writeId);
    this.#undo?.push(() => this.#setPending(before));
  }

  fact(name: FactName): string | undefined {
    return this.#facts.get(name);
  }
  putFact(name: FactName, value: string | undefined): void {
    const before = this.#facts.get(name);
    if (value === undefined) this.#facts.delete(name);
    else this.#facts.set(name, value);
    this.#undo?.push(() => (before === undefined ? this.#facts.delete(name) : this.#facts.set(name, before)));
  }

  #set<Entry extends SyncedEntry | LocalRow | RemoteEntry>(tree: MemoryTree<Entry>, entryId: EntryId, entry: Entry | undefined): void {
    const undo = tree.set(entryId, entry);
    this.#touched.add(entryId);
    this.#undo?.push(undo);
  }

  #setLocal(entryId: EntryId, entry: LocalRow | undefined): void {
    const before = this.local.get(entryId);
    this.#set(this.local, entryId, entry);
    this.#moveIdentity(entryId, before?.stat.identity, entry?.stat.identity);
    this.#undo?.push(() => this.#moveIdentity(entryId, entry?.stat.identity, before?.stat.identity));
  }

  #moveIdentity(entryId: EntryId, from: string | undefined, to: string | undefined): void {
    if (from !== undefined) {
      const ids = this.#identities.get(from);
      ids?.delete(entryId);
      if (ids?.size === 0) this.#identities.delete(from);
    }
    if (to === undefined) return;
    const ids = this.#identities.get(to);
    if (ids === undefined) this.#identities.set(to, new Set([entryId]));
    else ids.add(entryId);
  }

  #setPending(operations: readonly PendingOperation[]): void {
    this.#pending.clear();
    for (const operation of operations) this.#pending.set(operation.writeId, operation);
  }

  #differs(entryId: EntryId): boolean {
    const synced = this.synced.get(entryId);
    const local = this.local.get(entryId);
    const remote = this.remote.get(entryId);
    if (synced === undefined || local === undefined || remote === undefined) return (synced ?? local ?? remote) !== undefined;
    if (local.unreadable !== undefined || synced.rev !== remote.rev) return true;
    return [local, remote].some(
      (other) => other.parentId !== synced.parentId || other.name !== synced.name || !sameBody(other.body, synced.body),
    );
  }
}
