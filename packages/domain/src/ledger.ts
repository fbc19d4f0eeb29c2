/** One line of a ledger: how many files' (or contents') worth, and their plain bytes together. */
export type LedgerLine = { readonly files: number; readonly bytes: number };

/**
 * What a drive holds, charged to its owner.
 * - `current`: files that are live, each with the size of its newest content;
 * - `trash`: files that are in the trash, themselves or through an ancestor, likewise;
 * - `history`: contents that a later one has replaced, of live and trashed files alike.
 *
 * The recount from rows: `current + trash` is the sum over file entries; `history` is the sum over charged revisions
 * less that. Quota counts all three together.
 */
export type Ledger = { readonly current: LedgerLine; readonly history: LedgerLine; readonly trash: LedgerLine };

/** The line of nothing. */
export const emptyLine: LedgerLine = { files: 0, bytes: 0 };

/** The ledger of a new drive. */
export const emptyLedger: Ledger = { current: emptyLine, history: emptyLine, trash: emptyLine };

/** Adds two lines; `times` is -1 to take `b` away. */
export function addLines(a: LedgerLine, b: LedgerLine, times: 1 | -1 = 1): LedgerLine {
  return { files: a.files + times * b.files, bytes: a.bytes + times * b.bytes };
}

/** The files a limit counts: those in the trash too, each once however many revisions it has. */
export function chargedFiles(ledger: Ledger): number {
  return ledger.current.files + ledger.trash.files;
}

/** The bytes a quota counts: current, history and trash together. */
export function chargedBytes(ledger: Ledger): number {
  return ledger.current.bytes + ledger.history.bytes + ledger.trash.bytes;
}
