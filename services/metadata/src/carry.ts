import type { Departure, DriveId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { carryEntries, keepPlace } from './store/carry-entries.ts';
import { dropGrantsOn } from './store/entry-grants.ts';

/** Rows of one statement: it ends well within what a statement may last. */
const batch = 5_000;

/** What becomes another drive's, and the changes that take it away and bring it; nobody asks a drive that ends (`seq` null). */
export type Carried = {
  readonly from: DriveId;
  readonly to: DriveId;
  readonly entries: readonly string[];
  readonly seq: number | null;
  readonly targetSeq: number;
  /** Whether they become somebody else's: what the one gave to others is not the other's to give, and ends. */
  readonly changesHands: boolean;
};

/** Makes entries with their revisions another drive's. Nothing of it is awaited. */
export function carry(tx: Transaction, { from, to, entries, seq, targetSeq, changesHands }: Carried): void {
  for (let at = 0; at < entries.length; at += batch) {
    const some = entries.slice(at, at + batch);
    tx.defer(carryEntries, [tx.tenantId, from, to, some, seq, targetSeq]);
    if (changesHands) tx.defer(dropGrantsOn, [tx.tenantId, some]);
  }
}

type Departing = { readonly departure: Departure; readonly below: readonly string[]; readonly sinceSeq: number };

/** The same for what departs, the entry that was moved itself first: of that the old place is kept, where it stood since `sinceSeq`. */
export function depart(
  tx: Transaction,
  { from, departure, below, sinceSeq, changesHands }: Pick<Carried, 'from' | 'changesHands'> & Departing,
): void {
  const { entryId, drive, seq, targetSeq, parentId, name } = departure;
  carry(tx, { from, to: drive, entries: [entryId, ...below], seq, targetSeq, changesHands });
  tx.defer(keepPlace, [tx.tenantId, from, entryId, parentId, name, sinceSeq]);
}
