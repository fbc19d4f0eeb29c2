import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeStore } from '../conformance.ts';
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
