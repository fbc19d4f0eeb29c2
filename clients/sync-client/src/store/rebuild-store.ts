import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { PendingOperation } from '../ports/server.ts';
import type { FactName } from '../ports/store.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { SqliteStore } from './sqlite-store.ts';

/** A store that was begun anew, what of the old one could still be read, and where the old file lies now. */
export type RebuiltStore = { readonly store: SqliteStore; readonly savedOperations: number; readonly damagedFile: string };

/**
 * Replaces a damaged store by an empty one: everything is observed again, and what is the same on both sides is found to be
 * so. Unanswered operations and the named facts are carried over where they can be read; an operation that cannot is found
 * again too, as a difference between folder and drive. The damaged file is kept beside the new one.
 */
export function rebuildStore(file: string, facts: readonly FactName[], nowMs: number): RebuiltStore {
  const saved = salvage(file, facts);
  const damagedFile = `${file}.damaged-${new Date(nowMs).toISOString().replaceAll(':', '')}`;
  for (const tail of ['', '-wal']) if (existsSync(file + tail)) renameSync(file + tail, damagedFile + tail);
  rmSync(`${file}-shm`, { force: true });
  const store = openSqliteStore(file);
  store.transaction(() => {
    store.keepPending(saved.pending);
    for (const [name, value] of saved.facts) store.putFact(name, value);
  });
  return { store, savedOperations: saved.pending.length, damagedFile };
}

type Salvaged = { readonly pending: PendingOperation[]; readonly facts: [FactName, string][] };

function salvage(file: string, names: readonly FactName[]): Salvaged {
  const saved: Salvaged = { pending: [], facts: [] };
  let database: DatabaseSync | undefined;
  // One try for each: what the damage did not reach is worth having.
  const attempt = (read: () => void): void => {
    try {
      read();
    } catch {
      // Unreadable: that is why this runs at all.
    }
  };
  attempt(() => (database = new DatabaseSync(file)));
  for (const name of names) {
    attempt(() => {
      const value = database?.prepare('SELECT value FROM fact WHERE name = ?').get(name)?.['value'];
      if (typeof value === 'string') saved.facts.push([name, value]);
    });
  }
  attempt(() => {
    for (const row of database?.prepare('SELECT operation FROM pending ORDER BY number').iterate() ?? [])
      saved.pending.push(JSON.parse(row['operation'] as string) as PendingOperation);
  });
  attempt(() => database?.close());
  return saved;
}
