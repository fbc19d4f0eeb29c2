import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { EntryId, WriteId } from '@driftbox/domain';
import type { RemoteEntry, SyncedEntry } from '@driftbox/sync-core';
import type { PendingOperation } from '../ports/server.ts';
import type { FactName, LocalRow, Provisional, Store } from '../ports/store.ts';
import { openDatabase } from './open-database.ts';
import { columnsOf, comparedNames, entryNames, entryOf, localColumnsOf, localNames, localOf } from './rows.ts';
import type { Row } from './rows.ts';
import { isLate, isMount, lateEntry } from './schema.ts';
import { SqliteTree } from './sqlite-tree.ts';

/** A store in a file. `close` ends it; nothing else of it may be used then. */
export type SqliteStore = Store & {
  /** How many entries there are. Reads the whole store. */
  counts(): { readonly onDisk: number; readonly synced: number };
  close(): void;
};

const same = (other: string, more: readonly string[]): string =>
  [...comparedNames, ...more].map((column) => `synced.${column} IS ${other}.${column}`).join(' AND ');

/** Takes from `touched` what is the same in all three trees by now, or in none of them. */
const settle = `
  DELETE FROM touched WHERE entry_id IN (
    SELECT touched.entry_id FROM touched
      LEFT JOIN synced ON synced.entry_id = touched.entry_id
      LEFT JOIN local ON local.entry_id = touched.entry_id
      LEFT JOIN remote ON remote.entry_id = touched.entry_id
    WHERE ${same('local', [])} AND ${same('remote', ['rev'])} AND local.unreadable IS NULL)`;

/**
 * A store in one SQLite file, for any number of entries: memory stays within a page cache, and finding what differs costs
 * what was written, not what is there. Throws what SQLite throws; `isDamage` tells which of it means that the file is damaged.
 */
export function openSqliteStore(file: string): SqliteStore {
  const database = openDatabase(file);
  const trees = openTrees(database);
  const commit = committer(database, `${file}-wal`, trees.forgetKept);
  return {
    transaction: commit.transaction,
    ...trees.store,
    ...openProvisional(database),
    ...openPending(database, commit.pendingKept),
    ...openFacts(database),
    counts: () => ({ onDisk: countOf(database, 'local'), synced: countOf(database, 'synced') }),
    close: () => database.close(),
  };
}

function countOf(database: DatabaseSync, table: string): number {
  return Number(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count']);
}

function openTrees(database: DatabaseSync) {
  const plain = { columns: columnsOf, entry: entryOf, names: entryNames };
  const synced = new SqliteTree<SyncedEntry>(database, { table: 'synced', ...plain });
  const remote = new SqliteTree<RemoteEntry>(database, { table: 'remote', ...plain });
  const local = new SqliteTree<LocalRow>(database, { table: 'local', columns: localColumnsOf, entry: localOf, names: localNames });
  const byIdentity = database.prepare(`SELECT ${localNames.join(', ')} FROM local WHERE identity = ? ORDER BY rowid DESC LIMIT 1`);
  byIdentity.setReturnArrays(true);
  const mountsIn = (table: string, names: readonly string[]) => {
    const found = database.prepare(`SELECT ${names.join(', ')} FROM ${table} WHERE ${isMount} ORDER BY entry_id`);
    found.setReturnArrays(true);
    return () => found.all() as unknown as readonly Row[];
  };
  const localMounts = mountsIn('local', localNames);
  const remoteMounts = mountsIn('remote', entryNames);
  const settled = database.prepare(settle);
  const strays = database.prepare(
    'SELECT entry_id FROM remote WHERE parent_id <> ? AND parent_id NOT IN (SELECT entry_id FROM remote) ORDER BY entry_id',
  );
  const touched = database.prepare('SELECT entry_id FROM touched ORDER BY entry_id');
  const store = {
    synced,
    local,
    remote,
    changed: (): EntryId[] => {
      settled.run();
      return touched.all().map((row) => row['entry_id'] as EntryId);
    },
    localByIdentity: (identity: string): LocalRow | undefined => {
      const row = byIdentity.get(identity) as Row | undefined;
      return row === undefined ? undefined : localOf(row);
    },
    mounts: () => ({ local: localMounts().map(localOf), remote: remoteMounts().map(entryOf) }),
    putSynced: (one: SyncedEntry) => synced.put(one),
    dropSynced: (entryId: EntryId) => synced.drop(entryId),
    putLocal: (one: LocalRow) => local.put(one),
    dropLocal: (entryId: EntryId) => local.drop(entryId),
    putRemote: (one: RemoteEntry) => remote.put(one),
    dropRemote: (entryId: EntryId) => remote.drop(entryId),
    strays: (rootId: EntryId) => strays.all(rootId).map((row) => row['entry_id'] as EntryId),
    clearRemote: () => remote.clear(),
  };
  const forgetKept = (): void => {
    for (const tree of [synced, local, remote]) tree.forgetKept();
  };
  return { store, forgetKept };
}

function openProvisional(database: DatabaseSync) {
  const all = database.prepare('SELECT entry_id, before FROM provisional');
  const keep = database.prepare('INSERT OR IGNORE INTO provisional (entry_id, before) VALUES (?, ?)');
  const drop = database.prepare('DELETE FROM provisional WHERE entry_id = ?');
  return {
    provisional: () =>
      all.all().map(({ entry_id, before }): Provisional => {
        const agreed = typeof before === 'string' ? (JSON.parse(before) as SyncedEntry) : undefined;
        return { entryId: entry_id as EntryId, before: agreed };
      }),
    keepProvisional: ({ entryId, before }: Provisional) => void keep.run(entryId, before === undefined ? null : JSON.stringify(before)),
    dropProvisional: (entryIds: readonly EntryId[]) => {
      for (const entryId of entryIds) drop.run(entryId);
    },
  };
}

function openPending(database: DatabaseSync, kept: () => void) {
  const all = database.prepare('SELECT operation FROM pending ORDER BY number');
  const late = database.prepare(`SELECT operation FROM pending WHERE ${isLate} ORDER BY number`);
  const lateOfEntry = database.prepare(`SELECT operation FROM pending WHERE ${isLate} AND ${lateEntry} = ? ORDER BY number`);
  const read = (row: Record<string, SQLOutputValue>) => JSON.parse(row['operation'] as string) as PendingOperation;
  const keep = database.prepare(
    'INSERT INTO pending (write_id, operation) VALUES (?, ?) ON CONFLICT (write_id) DO UPDATE SET operation = excluded.operation',
  );
  const drop = database.prepare('DELETE FROM pending WHERE write_id = ?');
  return {
    pending: () => all.all().map(read),
    late: (entryId?: EntryId) => (entryId === undefined ? late.all() : lateOfEntry.all(entryId)).map(read),
    keepPending: (operations: readonly PendingOperation[]) => {
      for (const one of operations) keep.run(one.writeId, JSON.stringify(one));
      if (operations.length > 0) kept();
    },
    dropPending: (writeIds: readonly WriteId[]) => {
      for (const writeId of writeIds) drop.run(writeId);
    },
  };
}

function openFacts(database: DatabaseSync) {
  const read = database.prepare('SELECT value FROM fact WHERE name = ?');
  const put = database.prepare('INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)');
  const drop = database.prepare('DELETE FROM fact WHERE name = ?');
  return {
    fact: (name: FactName) => read.get(name)?.['value'] as string | undefined,
    putFact: (name: FactName, value: string | undefined) => void (value === undefined ? drop.run(name) : put.run(name, value)),
  };
}

/** Transactions. An operation that was kept is on disk when its commit ends. */
function committer(database: DatabaseSync, log: string, takenBack: () => void) {
  let unforced = false;
  const force = (): void => {
    unforced = false;
    const descriptor = openSync(log, 'r+');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  };
  const transaction = <T>(work: () => T): T => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const value = work();
      database.exec('COMMIT');
      if (unforced) force();
      return value;
    } catch (error) {
      // SQLite has rolled back by itself after some errors, such as a full disk.
      if (database.isTransaction) database.exec('ROLLBACK');
      unforced = false;
      takenBack();
      throw error;
    }
  };
  const pendingKept = (): void => {
    unforced = true;
    if (!database.isTransaction) force();
  };
  return { transaction, pendingKept };
}
