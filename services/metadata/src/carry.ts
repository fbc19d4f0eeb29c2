import type { Departure, DriveId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { carryEntries, keepPlace } from './store/carry-entries.ts';

/** Rows of one statement: it ends well within what a statement may last. */
const batch = 5_000;

/** What becomes another drive's, and the changes that take it away and bring it; nobody asks a drive that ends (`seq` null). */
export type Carried = {
  readonly from: DriveId;
  readonly to: DriveId;
  readonly entries: readonly string[];
  readonly seq: number | null;
  readonly targetSeq: number;
};

/** Makes entries with their revisions another drive's. Nothing of it is awaited. */
export function carry(tx: Transaction, { from, to, entries, seq, targetSeq }: Carried): void {
  for (let at = 0; at < entries.length; at += batch)
    tx.defer(carryEntries, [tx.tenantId, from, to, entries.slice(at, at + batch), seq, targetSeq]);
}

/** The same for what departs, the entry that was moved itself first: of that the old place is kept, where it stood since `sinceSeq`. */
export function depart(tx: Transaction, from: DriveId, departure: Departure, below: readonly string[], sinceSeq: number): void {
  const { entryId, drive, seq, targetSeq, parentId, name } = departure;
  carry(tx, { from, to: drive, entries: [entryId, ...below], seq, targetSeq });
  tx.defer(keepPlace, [tx.tenantId, from, entryId, parentId, name, sinceSeq]);
}
