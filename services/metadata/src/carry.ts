import type { Departure, DriveId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { carryEntries, keepPlace } from './store/carry-entries.ts';

/** Rows of one statement: it ends well within what a statement may last. */
const batch = 5_000;

/** What moves to another drive: the entry itself first, and where it had stood since when. */
export type Carried = {
  readonly from: DriveId;
  readonly departure: Departure;
  readonly entries: readonly string[];
  readonly sinceSeq: number;
};

/** Makes entries with their revisions another drive's, and keeps with the first one where they went. Nothing of it is awaited. */
export function carry(tx: Transaction, { from, departure, entries, sinceSeq }: Carried): void {
  const { entryId, drive, seq, targetSeq, parentId, name } = departure;
  for (let at = 0; at < entries.length; at += batch)
    tx.defer(carryEntries, [tx.tenantId, from, drive, entries.slice(at, at + batch), seq, targetSeq]);
  tx.defer(keepPlace, [tx.tenantId, from, entryId, parentId, name, sinceSeq]);
}
