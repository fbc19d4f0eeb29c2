import { isDeepStrictEqual } from 'node:util';
import { recount, type MemoryDrive } from '@driftbox/domain';
import type { World } from '../world.ts';
import { must } from './must.ts';

/** The journal has no gap, the ledger is what a recount finds, and no write was written twice. */
export function journalIsWhole({ cell, commits }: World): void {
  for (const { drive } of cell.drives) isWhole(drive);
  const written = new Set<string>();
  for (const { result } of commits) {
    if (result.result !== 'done') continue;
    for (const { entryId, writeId } of result.answers) {
      const key = `${entryId} ${writeId}`;
      must(!written.has(key), () => `written twice: ${key}`);
      written.add(key);
    }
  }
}

function isWhole(drive: MemoryDrive): void {
  for (const [index, { seq }] of drive.changes.entries()) must(seq === index + 1, () => `the journal has a gap at ${index + 1}`);
  must(drive.drive.seq === drive.changes.length, () => 'the journal ends elsewhere than it says');
  must(isDeepStrictEqual(recount(drive), drive.drive.ledger), () => 'the ledger is not what a recount finds');
}
