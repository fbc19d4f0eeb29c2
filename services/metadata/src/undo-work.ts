import { randomUUID } from 'node:crypto';
import {
  parseDeviceId,
  parseDriveId,
  parseWriteId,
  undoOperations,
  type DriveId,
  type Operation,
  type Outcome,
  type TenantId,
  type UserId,
} from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, type AnswerOf, type Routes, type UndoneEntry } from '@driftbox/protocol';
import type { Asker } from './access-drive.ts';
import { commitDrive } from './commit-drive.ts';
import type { OnCommitted } from './commit-input.ts';
import { encodeCursor, keysOf } from './cursor.ts';
import { toChecked } from './operation.ts';
import { planUndoPage, type Planned, type UndoPage, type Wanted } from './plan-undo-page.ts';
import { stored } from './store/entry-row.ts';
import { present } from './store/present.ts';
import { nextDrive, othersBelow } from './store/undo.ts';

/** What undoing is asked for; without `drive` in all that the user may write to. */
export type UndoAsk = Wanted & {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly drive?: DriveId | undefined;
  readonly dryRun: boolean;
  readonly cursor?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};
type Answer = AnswerOf<Routes['undoWork']>;

/** What undoing made bears this device, so that it is nobody's work that could be undone in its turn. */
const undoing = stored(parseDeviceId, '00000000-0000-4000-8000-000000000000');

/**
 * Undoes one page of what a device did, newest first, by new revisions through the commit rule. It may end anywhere and begin
 * anew: each entry is planned from what is there. Throws `not_found` or `permission_denied` for a drive that was named.
 */
export async function undoWork(database: Database, ask: UndoAsk, onCommitted: OnCommitted): Promise<Answer> {
  const at = placeOf(ask.cursor);
  const drive = at?.drive ?? ask.drive ?? (await driveAfter(database, ask, undefined));
  if (drive === undefined) return { items: [] };
  const asker = { tenantId: ask.tenantId, userId: ask.userId, driveId: drive, signal: ask.signal };
  const page = await planned(database, asker, ask, at?.fromSeq);
  const items = page === undefined ? [] : await carryOut(database, asker, page, ask, onCommitted);
  if (page?.nextSeq !== undefined) return { items, nextCursor: encodeCursor([drive, page.nextSeq]) };
  const next = ask.drive === undefined ? await driveAfter(database, ask, drive) : undefined;
  return next === undefined ? { items } : { items, nextCursor: encodeCursor([next, 0]) };
}

/** Where a cursor says to go on: at the drive's head, where it names no change. Throws `invalid_argument`. */
function placeOf(cursor: string | undefined): { readonly drive: DriveId; readonly fromSeq: number | undefined } | undefined {
  const keys = keysOf(cursor, ['string', 'number']);
  if (keys === undefined) return undefined;
  const [drive, fromSeq] = [parseDriveId(String(keys[0])), Number(keys[1])];
  if (drive === undefined || !Number.isSafeInteger(fromSeq))
    throw new Problem('invalid_argument', 'The cursor is not one that this server gave');
  return { drive, fromSeq: fromSeq > 0 ? fromSeq : undefined };
}

/** Drives that the user may only read are passed over, unless it was this one that was named. */
async function planned(database: Database, asker: Asker, ask: UndoAsk, fromSeq: number | undefined): Promise<UndoPage | undefined> {
  try {
    return await database.transaction(asker.tenantId, (tx) => planUndoPage(tx, asker, ask, fromSeq), {
      readOnly: true,
      isolation: 'repeatable read',
      signal: asker.signal,
    });
  } catch (error) {
    const passed = error instanceof Problem && (error.code === 'permission_denied' || error.code === 'not_found');
    if (passed && ask.drive === undefined) return undefined;
    throw error;
  }
}

async function driveAfter(database: Database, { tenantId, userId, signal }: UndoAsk, after: DriveId | undefined) {
  const { rows } = await database.withTenant<{ drive_id: string }>(tenantId, nextDrive, [tenantId, userId, after ?? null], { signal });
  return rows[0] === undefined ? undefined : stored(parseDriveId, rows[0].drive_id);
}

type BelowRow = { readonly seq: number; readonly others: boolean };
type Step = { readonly operations: Operation[]; readonly shown: UndoneEntry };

async function carryOut(
  database: Database,
  asker: Asker,
  { drive, planned: all, mine }: UndoPage,
  { device, sinceMs, dryRun }: UndoAsk,
  onCommitted: OnCommitted,
): Promise<UndoneEntry[]> {
  const items: UndoneEntry[] = [];
  let batch: Step[] = [];
  const flush = async (): Promise<void> => {
    items.push(...(await commitSteps(database, asker, drive.epoch, batch, onCommitted)));
    batch = [];
  };
  for (const one of all) {
    const shown = show(asker.driveId, one);
    const { newest, undoing: wanted } = one;
    if (newest === undefined || wanted === undefined || dryRun) {
      await flush();
      items.push(shown);
      continue;
    }
    let seenSeq = drive.seq;
    if (wanted.remove === true && newest.body.kind === 'folder') {
      // What was moved into it has had its turn. What they made there goes with it.
      await flush();
      const values = [asker.tenantId, one.entryId, asker.driveId, device, sinceMs, mine ?? null];
      const { rows } = await database.withTenant<BelowRow>(asker.tenantId, othersBelow, values, { signal: asker.signal });
      const row = present(rows[0]);
      seenSeq = row.seq;
      if (row.others) {
        items.push({ ...shown, did: [], conflict: 'not_empty' });
        continue;
      }
    }
    batch.push({ operations: undoOperations(wanted, newest, seenSeq, freshWriteId), shown });
  }
  await flush();
  return items;
}

const freshWriteId = () => stored(parseWriteId, randomUUID());

async function commitSteps(
  database: Database,
  { tenantId, driveId, userId, signal }: Asker,
  driveEpoch: string,
  batch: readonly Step[],
  onCommitted: OnCommitted,
): Promise<UndoneEntry[]> {
  if (batch.length === 0) return [];
  const operations = batch.flatMap((step) => step.operations).map(toChecked);
  const input = { tenantId, driveId, userId, deviceId: undoing, driveEpoch, operations, atomic: false, signal };
  const left = [...(await commitDrive(database, input, onCommitted)).outcomes];
  return batch.flatMap((step) => {
    const outcomes = left.splice(0, step.operations.length);
    // It went with the folder that it was made in.
    if (step.shown.did[0] === 'removed' && outcomes.some((one) => one.outcome === 'revision_conflict' && one.current?.deleted)) return [];
    const refused = outcomes.find(({ outcome }) => outcome !== 'committed');
    if (refused === undefined) return step.shown;
    const did = step.shown.did.filter((_, n) => outcomes[n]?.outcome === 'committed');
    return { ...step.shown, did, conflict: reasonOf(refused) };
  });
}

const told = ['name_taken', 'not_found', 'quota_exceeded', 'chunk_missing', 'revision_conflict'] as const;

function reasonOf({ outcome }: Outcome): UndoneEntry['conflict'] {
  return told.find((one) => one === outcome) ?? 'refused';
}

/** In the order of `undoOperations`. */
function show(drive: DriveId, { entryId, name, undoing: wanted, conflict }: Planned): UndoneEntry {
  const { untrash, place, body, remove } = wanted ?? {};
  const did: UndoneEntry['did'] = [];
  if (untrash === true) did.push('untrashed');
  else if (place !== undefined) did.push('moved');
  if (body !== undefined) did.push('rewritten');
  if (remove === true) did.push('removed');
  return { drive, entryId, name, did, ...(conflict === undefined ? {} : { conflict }) };
}
