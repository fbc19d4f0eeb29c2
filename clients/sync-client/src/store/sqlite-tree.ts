import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EntryId } from '@driftbox/domain';
import type { Tree, TreeEntry } from '@driftbox/sync-core';
import type { Columns, Row } from './rows.ts';

/** How entries of a tree are written to its table and read from it. */
export type Mapping<Entry> = {
  readonly table: 'synced' | 'local' | 'remote';
  readonly columns: (entry: Entry) => Columns;
  readonly entry: (row: Row) => Entry;
  /** The names of the columns. */
  readonly names: readonly string[];
};

/** Entries kept in memory: folders are asked for again and again. */
const maxKept = 5_000;
/** Children read at once: a folder of a million files takes no more memory than this many of them. */
const page = 500;

/** One of the three trees, in a table of its own. */
export class SqliteTree<Entry extends TreeEntry> implements Tree<Entry> {
  readonly #mapping: Mapping<Entry>;
  readonly #kept = new Map<EntryId, Entry>();
  readonly #get: StatementSync;
  readonly #at: StatementSync;
  readonly #children: StatementSync;
  readonly #put: StatementSync;
  readonly #drop: StatementSync;
  readonly #touch: StatementSync;
  readonly #touchAll: StatementSync;
  readonly #clear: StatementSync;

  constructor(database: DatabaseSync, mapping: Mapping<Entry>) {
    const { table, names } = mapping;
    this.#mapping = mapping;
    const select = `SELECT ${names.join(', ')} FROM ${table} WHERE`;
    this.#get = database.prepare(`${select} entry_id = ?`);
    this.#at = database.prepare(`${select} parent_id = ? AND name = ? LIMIT 1`);
    this.#children = database.prepare(`${select} parent_id = ? AND (name, entry_id) > (?, ?) ORDER BY name, entry_id LIMIT ${page}`);
    for (const statement of [this.#get, this.#at, this.#children]) statement.setReturnArrays(true);
    const values = names.map((name) => `:${name}`).join(', ');
    this.#put = database.prepare(`INSERT OR REPLACE INTO ${table} (${names.join(', ')}) VALUES (${values})`);
    this.#drop = database.prepare(`DELETE FROM ${table} WHERE entry_id = ?`);
    this.#touch = database.prepare('INSERT OR IGNORE INTO touched (entry_id) VALUES (?)');
    this.#touchAll = database.prepare(`INSERT OR IGNORE INTO touched (entry_id) SELECT entry_id FROM ${table}`);
    this.#clear = database.prepare(`DELETE FROM ${table}`);
  }

  get(entryId: EntryId): Entry | undefined {
    const kept = this.#kept.get(entryId);
    if (kept !== undefined) return kept;
    const row = this.#get.get(entryId) as Row | undefined;
    return row === undefined ? undefined : this.#keep(this.#mapping.entry(row));
  }

  childAt(parentId: EntryId, name: string): Entry | undefined {
    const row = this.#at.get(parentId, name) as Row | undefined;
    return row === undefined ? undefined : this.#mapping.entry(row);
  }

  /** Reads a page at a time, each as the tree is then: what is written meanwhile may or may not be seen. */
  *childrenOf(parentId: EntryId): Generator<Entry, void> {
    let name = '';
    let entryId = '';
    for (;;) {
      const rows = this.#children.all(parentId, name, entryId) as unknown as Row[];
      for (const row of rows) yield this.#mapping.entry(row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < page) return;
      const entry = this.#mapping.entry(last);
      name = entry.name;
      entryId = entry.entryId;
    }
  }

  put(entry: Entry): void {
    this.#kept.delete(entry.entryId);
    this.#put.run(this.#mapping.columns(entry));
    this.#touch.run(entry.entryId);
  }

  drop(entryId: EntryId): void {
    this.#kept.delete(entryId);
    this.#drop.run(entryId);
    this.#touch.run(entryId);
  }

  clear(): void {
    this.forgetKept();
    this.#touchAll.run();
    this.#clear.run();
  }

  /** What is kept in memory may not be what the table holds: a transaction was taken back. */
  forgetKept(): void {
    this.#kept.clear();
  }

  #keep(entry: Entry): Entry {
    if (this.#kept.size >= maxKept) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    this.#kept.set(entry.entryId, entry);
    return entry;
  }
}
