import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { element } from '@driftbox/transfer';
import type { Scenario } from '../scenario.ts';

const transactions = 120;
const everyMs = 40;

/** An SQLite database that is written to while it syncs: in between its copies may be torn, at the end they are whole. */
export const sqliteInUse: Scenario = {
  name: 'an SQLite database in use',
  play: async ({ devices, random }) => {
    const database = new DatabaseSync(path.join(element(devices, 0).folder, 'books.db'));
    database.exec('PRAGMA journal_mode = DELETE; CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT, body BLOB)');
    const insert = database.prepare('INSERT INTO book (title, body) VALUES (?, ?)');
    for (let turn = 0; turn < transactions; turn += 1) {
      database.exec('BEGIN');
      for (let row = 0; row < 20; row += 1) insert.run(`title ${turn}/${row}`, random.bytes(random.integer(10, 2000)));
      database.exec('COMMIT');
      await pause(everyMs);
    }
    database.close();
    return {
      kept: new Map(),
      conflictCopies: 0,
      check: async () => {
        for (const device of devices) {
          const copy = new DatabaseSync(path.join(device.folder, 'books.db'), { readOnly: true });
          const checked = copy.prepare('PRAGMA integrity_check').get() as { integrity_check: string };
          const counted = copy.prepare('SELECT count(*) AS books FROM book').get() as { books: number };
          copy.close();
          if (checked.integrity_check !== 'ok' || counted.books !== transactions * 20)
            throw new Error(`the database on ${device.name}: ${checked.integrity_check}, ${counted.books} books`);
        }
      },
    };
  },
};
