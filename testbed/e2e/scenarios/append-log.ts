import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { element } from '@driftbox/transfer';
import { fileDigest } from '../../src/tree-listing.ts';
import type { Scenario } from '../scenario.ts';

const lines = 150;
const everyMs = 50;

/** A program that appends to its log while the log is being synced. */
export const appendLog: Scenario = {
  name: 'append to a log',
  play: async ({ devices, random }) => {
    const log = path.join(element(devices, 0).folder, 'program.log');
    for (let line = 0; line < lines; line += 1) {
      await appendFile(log, `${line} ${random.bytes(500).toString('hex')}\n`);
      await pause(everyMs);
    }
    return { kept: new Map([[await fileDigest(log), 'the whole log']]), conflictCopies: 0 };
  },
};
