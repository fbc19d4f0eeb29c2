import {
  countLost,
  currentActivity,
  defaultBrakePolicy,
  judgeByBrake,
  type Activity,
  type CommitDone,
  type CommitState,
} from '@driftbox/domain';
import { appendOutbox, type Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { CommitInput } from './commit-input.ts';
import { deviceHeld } from './events.ts';
import { freshBelow, holdDevice, keepActivity } from './store/brakes.ts';
import { present } from './store/present.ts';
import type { CommitContextRow } from './store/read-commit-context.ts';

/** Undoing goes back a little further than to what was first touched: notes and copies are often left before anything is taken away. */
const leadMs = 5 * 60_000;

/** What a held device is told. */
type Hold = { readonly sinceMs: number; readonly lostFiles: number; readonly limitFiles: number };

/**
 * Holds a commit against the brake, and keeps what it takes away. Where the device is held, or is to be from now on, it answers
 * the problem that refuses the commit: then nothing of the commit may be written, and what was sent here has to be committed, so
 * that the device stays held. Counts nothing while somebody has let the device go on.
 */
export async function applyBrake(
  tx: Transaction,
  input: CommitInput,
  about: CommitContextRow,
  state: CommitState,
  done: CommitDone,
): Promise<Problem | undefined> {
  const { watched, userId, driveId } = input;
  if (watched === undefined || done.changes.length === 0) return undefined;
  refuseHeld(about, input);
  if (about.now_ms < (about.held?.free_until_ms ?? 0)) return undefined;
  const policy = { ...defaultBrakePolicy, ...about.brake };
  if (!policy.on) return undefined;
  const before = currentActivity(policy, activityOf(about), state.drive, about.now_ms);
  const lost = countLost(state, done, before.sinceSeq);
  // Renaming counts for nothing, but is undone with the rest.
  const touches = lost.files > 0 || done.changes.some(({ action }) => action === 'moved');
  const touchedMs = before.touchedMs ?? (touches ? about.now_ms : undefined);
  const isNew = before.sinceMs === about.now_ms || before.touchedMs !== touchedMs;
  if (lost.files === 0 && !isNew) return undefined;
  let judged = judgeByBrake(policy, before, lost.files);
  // Only now it is worth a look into the folders: what was made since the window opened may go.
  if (judged.verdict === 'held' && lost.folders.length > 0)
    judged = judgeByBrake(policy, before, lost.files - (await countFresh(tx, lost.folders, before.sinceSeq)));
  const { verdict, activity, limitFiles } = judged;
  const { sinceMs, sinceSeq, driveFiles, lostFiles } = activity;
  if (verdict === 'go') {
    tx.defer(keepActivity, [tx.tenantId, watched, driveId, sinceMs, sinceSeq, driveFiles, lostFiles, touchedMs ?? null]);
    return undefined;
  }
  const undoFromMs = (touchedMs ?? about.now_ms) - leadMs;
  tx.defer(holdDevice, [tx.tenantId, watched, userId, driveId, undoFromMs, lostFiles, limitFiles]);
  const since = new Date(sinceMs).toISOString();
  appendOutbox(tx, deviceHeld({ device: watched, user: userId, drive: driveId, files: lostFiles, limitFiles, since }));
  return heldProblem(input, { sinceMs, lostFiles, limitFiles });
}

async function countFresh(tx: Transaction, folders: readonly string[], sinceSeq: number): Promise<number> {
  return present((await tx.query<{ files: number }>(freshBelow, [tx.tenantId, folders, sinceSeq])).rows[0]).files;
}

/** Throws `locked` to a device that is held. */
export function refuseHeld({ held }: CommitContextRow, input: CommitInput): void {
  if (held?.held === true) throw heldProblem(input, { sinceMs: held.since_ms, lostFiles: held.lost_files, limitFiles: held.limit_files });
}

function heldProblem({ watched }: CommitInput, { sinceMs, lostFiles, limitFiles }: Hold): Problem {
  const since = new Date(sinceMs).toISOString();
  return new Problem(
    'locked',
    `The brake holds this device: it was about to delete or rewrite ${lostFiles} files since ${since}, more than ${limitFiles}`,
    { details: { reason: 'brake', deviceId: watched, since, files: lostFiles, limitFiles } },
  );
}

function activityOf({ activity }: CommitContextRow): Activity | undefined {
  if (activity === null) return undefined;
  const { since_ms: sinceMs, since_seq: sinceSeq, drive_files: driveFiles, lost_files: lostFiles, touched_ms: touchedMs } = activity;
  return { sinceMs, sinceSeq, driveFiles, lostFiles, touchedMs: touchedMs ?? undefined };
}
