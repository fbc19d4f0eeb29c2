import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { id, localRow, pendingMove, rootId } from '../testing/rows.ts';
import { rebuildStore } from './rebuild-store.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { StoreDamaged, StoreTooNew } from './store-damaged.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'driftbox-test-'));
  file = path.join(folder, 'state.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file that is none of SQLite is told as damaged, put aside and replaced', () => {
  writeFileSync(file, 'not a database at all, but long enough to be read as one'.repeat(100));
  expect(() => openSqliteStore(file)).toThrow(StoreDamaged);
  const { store, savedOperations, damagedFile } = rebuildStore(file, ['cursor'], 0);
  expect([savedOperations, store.fact('cursor'), store.pending()]).toEqual([0, undefined, []]);
  store.close();
  expect(readdirSync(folder)).toContain(path.basename(damagedFile));
});

test('what can still be read of unanswered operations is carried over', () => {
  const before = openSqliteStore(file);
  before.keepPending([pendingMove(1), pendingMove(2)]);
  before.putFact('epoch', 'e');
  before.transaction(() => {
    for (let n = 10; n < 2_000; n += 1) before.putLocal(localRow(n, `name ${n}`));
  });
  before.close();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, 200_000));
  const { store, savedOperations } = rebuildStore(file, ['epoch'], 0);
  expect(savedOperations).toBe(2);
  expect(store.pending()).toEqual([pendingMove(1), pendingMove(2)]);
  expect(store.fact('epoch')).toBe('e');
  expect([...store.local.childrenOf(rootId)]).toEqual([]);
  store.close();
});

test('a file of a newer format is left alone', () => {
  openSqliteStore(file).close();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => openSqliteStore(file)).toThrow(StoreTooNew);
});

test('what was read before a transaction that failed is what there is after it', () => {
  const store = openSqliteStore(file);
  store.putLocal(localRow(1, 'a'));
  expect(store.local.get(id(1))?.name).toBe('a');
  const fail = (): void => {
    store.putLocal(localRow(1, 'b'));
    expect(store.local.get(id(1))?.name).toBe('b');
    throw new Error('cut short');
  };
  expect(() => store.transaction(fail)).toThrow('cut short');
  expect(store.local.get(id(1))?.name).toBe('a');
  store.close();
});
