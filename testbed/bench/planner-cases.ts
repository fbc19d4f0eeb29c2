import type { Digest, EntryId } from '@driftbox/domain';
import type { ReconcileInput, SyncBody, SyncedEntry, Tree } from '@driftbox/sync-core';
import { seededRandom, type SeededRandom } from '@driftbox/testkit';

/** Entries of a tree, and changes made to it on both sides together. */
const entries = 40;
const changes = 6;

const idOf = (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}` as EntryId;
const rootId = idOf(0xffff);
const fileOf = (content: number): SyncBody => ({
  kind: 'file',
  listId: content.toString(16).padStart(64, '0') as Digest,
  sizeBytes: content,
  mtimeMs: content,
  executable: false,
});

/** A tree in maps, made once. */
class CaseTree implements Tree<SyncedEntry> {
  readonly rows: ReadonlyMap<EntryId, SyncedEntry>;
  readonly #children = new Map<EntryId, SyncedEntry[]>();
  readonly #places = new Map<string, SyncedEntry>();

  constructor(rows: ReadonlyMap<EntryId, SyncedEntry>) {
    this.rows = rows;
    for (const entry of rows.values()) {
      const children = this.#children.get(entry.parentId);
      if (children === undefined) this.#children.set(entry.parentId, [entry]);
      else children.push(entry);
      this.#places.set(`${entry.parentId}/${entry.name}`, entry);
    }
  }

  get(entryId: EntryId): SyncedEntry | undefined {
    return this.rows.get(entryId);
  }

  childrenOf(parentId: EntryId): Iterable<SyncedEntry> {
    return this.#children.get(parentId) ?? [];
  }

  childAt(parentId: EntryId, name: string): SyncedEntry | undefined {
    return this.#places.get(`${parentId}/${name}`);
  }
}

/** One device that was apart: three trees and what differs in them. Folders are the first ten entries. */
export function planningCase(seed: number): ReconcileInput {
  const random = seededRandom(seed);
  const base = new Map<EntryId, SyncedEntry>();
  for (let n = 1; n <= entries; n += 1) {
    const parentId = n <= 3 ? rootId : idOf(random.integer(1, Math.min(n - 1, 10)));
    base.set(idOf(n), { entryId: idOf(n), parentId, name: `entry ${n}`, rev: 1, body: n <= 10 ? { kind: 'folder' } : fileOf(n) });
  }
  const [local, remote] = [new Map(base), new Map(base)];
  for (let n = 1; n <= changes; n += 1) change(random, random.next() < 0.5 ? local : remote, n);
  const changed = [...new Set([...local.keys(), ...remote.keys()])].filter(
    (id) => local.get(id) !== base.get(id) || remote.get(id) !== base.get(id),
  );
  return {
    rootId,
    synced: new CaseTree(base),
    local: new CaseTree(local),
    remote: new CaseTree(remote),
    changed,
    names: { exact: true, keyOf: (name) => name, representable: () => true },
    device: 'laptop',
    date: '2026-11-27',
    selected: () => true,
  };
}

/** One of: a new file, a delete, an edit, a rename, a move of a file; names may well meet on the two sides. */
function change(random: SeededRandom, rows: Map<EntryId, SyncedEntry>, n: number): void {
  const files = [...rows.values()].filter(({ body }) => body.kind === 'file');
  const entry = random.pick(files);
  const { entryId, rev } = entry;
  const name = `new ${random.integer(1, 4)}`;
  const isFree = ![...rows.values()].some((other) => other.parentId === entry.parentId && other.name === name);
  const kind = random.integer(1, 5);
  if (kind === 1 && isFree) rows.set(idOf(1000 + n), { ...entry, entryId: idOf(1000 + n), name, rev: 1, body: fileOf(n) });
  else if (kind === 2) rows.delete(entryId);
  else if (kind === 3) rows.set(entryId, { ...entry, rev: rev + 1, body: fileOf(1000 + n) });
  else if (kind === 4 && isFree) rows.set(entryId, { ...entry, rev: rev + 1, name });
  else rows.set(entryId, { ...entry, rev: rev + 1, parentId: idOf(random.integer(1, 3)) });
}
