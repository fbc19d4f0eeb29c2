import type { EntryId, Place } from '@driftbox/domain';
import type { SyncBody } from '@driftbox/sync-core';
import { agreeOnDone } from '../agree.ts';
import type { Life } from '../life.ts';
import { below, pathOf } from '../local-path.ts';
import type { DiskOutcome, LocalPath, Stat } from '../ports/disk.ts';
import type { LocalRow } from '../ports/store.ts';
import { isTrusted, trustedFromMs } from '../racy-window.ts';

/** Where an entry is to stand; `undefined` while its folder is not there. */
export function pathAt({ around: { store, rootId } }: Life, { parentId, name }: Place): LocalPath | undefined {
  const folder = pathOf(store, rootId, parentId);
  return folder === undefined ? undefined : below(folder, name);
}

/** Where an entry stands, and its row. */
export function standing({ around: { store, rootId } }: Life, entryId: EntryId): { path: LocalPath; row: LocalRow } | undefined {
  const row = store.local.get(entryId);
  const path = pathOf(store, rootId, entryId);
  return row === undefined || path === undefined ? undefined : { path, row };
}

/**
 * False for a file that may have been written to unnoticed: nothing is written over it before it has been read again, once
 * its last write lies far enough back.
 */
export function mayReplace(life: Life, row: LocalRow | undefined): boolean {
  if (row?.body.kind !== 'file' || row.trusted) return true;
  life.lookAgainAt(trustedFromMs(row.stat));
  return false;
}

/** A step that was tried: how it ended, and what writes down what is there now, if it was done. */
export type End = { readonly entryId: EntryId; readonly outcome: DiskOutcome; readonly record: (stat: Stat | undefined) => void };

/**
 * Notes how a step ended; true when it was done. Then `record` writes what is there now, in one transaction with what that
 * makes agreed on.
 */
export function ended(life: Life, entryId: EntryId, outcome: DiskOutcome, record: (stat: Stat | undefined) => void = () => {}): boolean {
  endedTogether(life, [{ entryId, outcome, record }]);
  return outcome.outcome === 'done';
}

/** The same for steps on different entries, in one transaction: for many small ones theirs would take longer than all else. */
export function endedTogether(life: Life, ends: readonly End[]): void {
  const { store } = life.around;
  const done = ends.filter(({ outcome }) => outcome.outcome === 'done');
  for (const { entryId, outcome } of ends) {
    if (outcome.outcome === 'done') continue;
    life.failed(entryId, outcome.outcome === 'failed' ? outcome.reason : 'changed on disk while it was synced');
  }
  if (done.length === 0) return;
  store.transaction(() => {
    for (const { entryId, outcome, record } of done) {
      record('stat' in outcome ? outcome.stat : undefined);
      agreeOnDone(store, entryId);
    }
  });
  life.unflushed = true;
  for (const { entryId } of done) life.done(entryId);
}

/** A row for what a step has just made or moved. */
export function rowAt(entryId: EntryId, place: Place, onDisk: string, body: SyncBody, stat: Stat, nowMs: number): LocalRow {
  const trusted = body.kind !== 'file' || isTrusted(stat, nowMs);
  return { entryId, parentId: place.parentId, name: place.name, onDisk, body, stat, trusted };
}
