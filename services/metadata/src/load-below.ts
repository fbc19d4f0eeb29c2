import {
  addLines,
  emptyLine,
  maxMovedEntries,
  type DriveId,
  type Entry,
  type EntryId,
  type LedgerLine,
  type SubtreeSums,
} from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { loadBelow as loadSql, loadCharged, type BelowRow } from './store/load-below.ts';
import { present } from './store/present.ts';

/** Rows of one statement: it ends well within what a statement may last. */
const batch = 5_000;

/** What lies under a folder, as far as one beyond what moves at once. */
export type Below = {
  readonly ids: readonly string[];
  readonly entries: number;
  readonly hasMount: boolean;
  readonly rows: readonly BelowRow[];
};

export async function loadBelow(tx: Transaction, driveId: DriveId, folder: EntryId): Promise<Below> {
  const { rows } = await tx.query<BelowRow>(loadSql, [tx.tenantId, driveId, folder, maxMovedEntries + 1]);
  return { ids: rows.map((row) => row.entry_id), entries: rows.length, hasMount: rows.some(({ kind }) => kind === 3), rows };
}

/**
 * What the tree at and under an entry counts for, from what lies under it: a few thousand entries a statement, so that the
 * largest tree that moves is summed in time. Nothing where more lies there than moves, or no such entry.
 */
export async function sumBelow(tx: Transaction, entry: Entry | undefined, below: Below): Promise<SubtreeSums[]> {
  if (entry === undefined || below.entries > maxMovedEntries) return [];
  const own = entry.body.kind === 'file' ? { files: 1, bytes: entry.body.content.sizeBytes } : emptyLine;
  const files = below.rows.filter(({ kind }) => kind === 0);
  const line = (rows: readonly BelowRow[]): LedgerLine =>
    rows.reduce((sum, row) => addLines(sum, { files: 1, bytes: row.size_bytes ?? 0 }), own);
  const all = line(files);
  let charged = emptyLine;
  const ids = [entry.entryId, ...files.map((row) => row.entry_id)];
  for (let at = 0; at < ids.length; at += batch) {
    const { rows } = await tx.query<LedgerLine>(loadCharged, [tx.tenantId, ids.slice(at, at + batch)]);
    charged = addLines(charged, present(rows[0]));
  }
  return [{ entryId: entry.entryId, kept: line(files.filter(({ kept }) => kept)), all, history: addLines(charged, all, -1) }];
}
