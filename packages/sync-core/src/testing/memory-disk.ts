import assert from 'node:assert/strict';
import type { Digest, EntryId, Place } from '@driftbox/domain';
import type { NameRules } from '../reconcile-input.ts';
import type { LocalEntry, SyncBody } from '../tree.ts';
import { MemoryTree } from './memory-tree.ts';

/**
 * A file system that keeps its own rules: a name is there once (by its key), a folder is removed only when it is empty, is
 * never moved into itself, and nothing is written where something else is. Every breach throws.
 */
export class MemoryDisk {
  readonly tree = new MemoryTree<LocalEntry>();
  /** What files really hold, also those whose body does not say so yet. */
  readonly bytes = new Map<EntryId, Digest>();
  readonly #rules: NameRules;
  readonly #rootId: EntryId;
  readonly #stashed = new Map<EntryId, LocalEntry>();
  readonly #hidden: LocalEntry[] = [];
  /** Entries that went on under another id. */
  readonly renewed = new Set<EntryId>();

  constructor(rootId: EntryId, rules: NameRules) {
    this.#rootId = rootId;
    this.#rules = rules;
  }

  get stashed(): number {
    return this.#stashed.size;
  }

  at({ parentId, name }: Place): LocalEntry | undefined {
    const key = this.#rules.keyOf(name);
    return [...this.tree.childrenOf(parentId)].find((child) => this.#rules.keyOf(child.name) === key);
  }

  make(entryId: EntryId, place: Place, body: SyncBody): void {
    assert.ok(!this.tree.rows.has(entryId) && !this.#stashed.has(entryId), 'what is made is not there yet');
    this.#checkFree(entryId, place);
    this.tree.put({ entryId, parentId: place.parentId, name: place.name, body });
    this.#keepBytes(entryId, body);
  }

  write(entryId: EntryId, body: SyncBody): void {
    const entry = this.must(entryId);
    assert.ok(entry.unreadable === undefined && body.kind === entry.body.kind, 'only what is readable and alike is written over');
    this.tree.put({ ...entry, body });
    this.#keepBytes(entryId, body);
  }

  /** Writes a file without telling what: the scan saw only that it changed. */
  scribble(entryId: EntryId, listId: Digest): void {
    const { body } = this.must(entryId);
    assert.ok(body.kind === 'file');
    this.write(entryId, { ...body, listId: undefined, mtimeMs: body.mtimeMs + 1 });
    this.bytes.set(entryId, listId);
  }

  /** Reads a file: from then on its body tells what it holds. */
  read(entryId: EntryId): void {
    const { body } = this.must(entryId);
    assert.ok(body.kind === 'file');
    this.write(entryId, { ...body, listId: this.bytes.get(entryId) });
  }

  move(entryId: EntryId, place: Place): void {
    const entry = this.#stashed.get(entryId) ?? this.must(entryId);
    assert.ok(!this.isUnder(place.parentId, entryId), 'nothing is moved into itself');
    this.#checkFree(entryId, place);
    this.#stashed.delete(entryId);
    this.tree.put({ ...entry, parentId: place.parentId, name: place.name });
  }

  stash(entryId: EntryId): void {
    const entry = this.must(entryId);
    this.tree.drop(entryId);
    this.#stashed.set(entryId, entry);
  }

  /** What a restart does with what a crash left in the stash: back into the tree, where it was or beside that. */
  unstashAll(): void {
    for (const entry of this.#stashed.values()) {
      let place: Place = { parentId: this.isThere(entry.parentId) ? entry.parentId : this.#rootId, name: entry.name };
      while (this.at(place) !== undefined) place = { ...place, name: `${place.name}+` };
      this.move(entry.entryId, place);
    }
  }

  remove(entryId: EntryId): void {
    assert.ok(this.must(entryId).unreadable === undefined, 'what is unreadable is not removed');
    assert.deepEqual([...this.tree.childrenOf(entryId)], [], 'only an empty folder is removed');
    this.tree.drop(entryId);
  }

  /** Makes an entry unreadable: of a file its content, of a folder what is in it, which no scan then sees. */
  spoil(entryId: EntryId): void {
    const entry = this.tree.rows.get(entryId);
    if (entry === undefined || entry.body.kind === 'symlink') return;
    for (const child of this.tree.childrenOf(entryId)) this.#hide(child.entryId);
    this.tree.put({ ...entry, unreadable: 'permission denied' });
  }

  /** Everything can be read again. */
  mendAll(): void {
    for (const entry of this.tree.rows.values()) if (entry.unreadable !== undefined) this.tree.put({ ...entry, unreadable: undefined });
    for (const entry of this.#hidden.splice(0)) this.tree.put({ ...entry, unreadable: undefined });
  }

  #hide(entryId: EntryId): void {
    for (const child of this.tree.childrenOf(entryId)) this.#hide(child.entryId);
    const entry = this.tree.rows.get(entryId);
    if (entry === undefined) return;
    this.#hidden.push(entry);
    this.tree.drop(entryId);
  }

  /** Gives an entry another id; what is in it stays in it. */
  rename(entryId: EntryId, newId: EntryId): void {
    const entry = this.must(entryId);
    this.tree.drop(entryId);
    this.tree.put({ ...entry, entryId: newId });
    this.renewed.add(entryId);
    const bytes = this.bytes.get(entryId);
    if (bytes !== undefined) this.bytes.set(newId, bytes);
    for (const child of this.tree.childrenOf(entryId)) this.tree.put({ ...child, parentId: newId });
  }

  isThere(entryId: EntryId): boolean {
    return entryId === this.#rootId || this.tree.wayUp(entryId).at(-1)?.parentId === this.#rootId;
  }

  isUnder(entryId: EntryId, above: EntryId): boolean {
    return this.tree.wayUp(entryId).some((entry) => entry.entryId === above);
  }

  must(entryId: EntryId): LocalEntry {
    const entry = this.tree.rows.get(entryId);
    assert.ok(entry !== undefined && this.isThere(entryId), `${entryId} is on disk`);
    return entry;
  }

  #keepBytes(entryId: EntryId, body: SyncBody): void {
    if (body.kind === 'file' && body.listId !== undefined) this.bytes.set(entryId, body.listId);
  }

  #checkFree(entryId: EntryId, place: Place): void {
    assert.ok(this.#rules.representable(place.name), `the file system can hold ${place.name}`);
    const parent = this.tree.rows.get(place.parentId);
    assert.ok(this.isThere(place.parentId), 'the folder is there');
    assert.ok(parent === undefined || (parent.body.kind === 'folder' && parent.unreadable === undefined), 'the folder can be written to');
    const there = this.at(place);
    assert.ok(there === undefined || there.entryId === entryId, `${place.name} is free`);
  }
}
