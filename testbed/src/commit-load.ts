import { parseCommitId, parseEntryId, parseWriteId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import type { DriveOwner } from './metadata-server.ts';

/** A revision that was acknowledged. */
export type Acknowledged = { readonly entryId: string; readonly rev: number; readonly seq: number };

/** Somebody who commits to a drive of their own, one after the other, until stopped. */
export type CommitLoad = {
  readonly owner: DriveOwner;
  readonly acknowledged: readonly Acknowledged[];
  /** Answers that cannot be true, in words: nobody else writes to this drive. */
  readonly falseAnswers: readonly string[];
  /** Calls that failed for good, with all their repetitions. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
};

/** Begins at once: folders are created, and each is read as soon as it is acknowledged. */
export function startCommitLoad(owner: DriveOwner): CommitLoad {
  const acknowledged: Acknowledged[] = [];
  const falseAnswers: string[] = [];
  const failures: string[] = [];
  let stopped = false;
  const run = async (): Promise<void> => {
    while (!stopped) {
      try {
        const made = await createFolder(owner, `folder ${acknowledged.length}`);
        const expected = (acknowledged.at(-1)?.seq ?? 0) + 1;
        if (made.seq !== expected) falseAnswers.push(`seq ${made.seq} follows ${expected - 1}`);
        acknowledged.push(made);
        const { drive } = owner.drive;
        const read = await owner.user.call(routes.getEntry, { params: { drive, entry: made.entryId } });
        if (read.seq !== made.seq) falseAnswers.push(`${made.entryId} has seq ${read.seq} instead of ${made.seq}`);
      } catch (error) {
        failures.push(String(error));
        stopped = true;
      }
    }
  };
  const ended = run();
  return {
    owner,
    acknowledged,
    falseAnswers,
    failures,
    stop: async () => {
      stopped = true;
      await ended;
    },
  };
}

async function createFolder({ upload, drive: { drive, rootId, driveEpoch } }: DriveOwner, name: string): Promise<Acknowledged> {
  const entryId = newId(parseEntryId);
  const operation = { op: 'createFolder' as const, entryId, writeId: newId(parseWriteId), parentId: rootId, name };
  const body = { commitId: newId(parseCommitId), commitBy: new Date(Date.now() + 120_000).toISOString(), driveEpoch, atomic: false };
  const { outcomes } = await upload.call(routes.forwardCommit, { params: { drive }, body: { ...body, operations: [operation] } });
  const [outcome] = outcomes;
  if (outcome?.outcome !== 'committed') throw new Error(`a new folder was answered with ${JSON.stringify(outcome)}`);
  return { entryId, rev: outcome.rev, seq: outcome.seq };
}

/** What of a load's acknowledged revisions its drive's journal does not show now. */
export async function missingFrom({ owner, acknowledged }: CommitLoad): Promise<Acknowledged[]> {
  const shown = new Set<string>();
  let after: string | undefined;
  for (let more = true; more;) {
    const page = await owner.user.call(routes.listChanges, { params: { drive: owner.drive.drive }, query: { after } });
    for (const one of page.changes) if (one.change === 'put') shown.add(keyOf({ ...one.entry, seq: one.seq }));
    ({ nextCursor: after, more } = page);
  }
  return acknowledged.filter((one) => !shown.has(keyOf(one)));
}

function keyOf({ entryId, rev, seq }: Acknowledged): string {
  return `${entryId} ${rev} ${seq}`;
}
