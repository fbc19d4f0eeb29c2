import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { describeStore } from '../conformance.ts';
import { isLate, lateEntry } from './schema.ts';
import { openSqliteStore } from './sqlite-store.ts';

describeStore('a store in a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'driftbox-test-'));
  const file = path.join(folder, 'state.sqlite');
  const opened = [openSqliteStore(file)];
  return {
    store: opened[0]!,
    // The first stays open, as a process that was killed would leave it.
    restart: () => {
      const store = openSqliteStore(file);
      opened.push(store);
      return store;
    },
    dispose: () => {
      for (const store of opened) store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

test('what may still arrive is found without reading what else is pending', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'driftbox-test-'));
  const file = path.join(folder, 'state.sqlite');
  openSqliteStore(file).close();
  const database = new DatabaseSync(file);
  const plan = (where: string) => JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN SELECT operation FROM pending WHERE ${where}`).all());
  expect(plan(isLate)).toContain('USING INDEX pending_late');
  expect(plan(`${isLate} AND ${lateEntry} = 'x'`)).toContain('SEARCH pending USING INDEX pending_late');
  database.close();
  rmSync(folder, { recursive: true });
});
