import { setTimeout as wait } from 'node:timers/promises';
import type { CommitId, UploadId } from '@driftbox/domain';
import { Problem, routes, type CheckedOperation, type CommitAnswer } from '@driftbox/protocol';
import type { Context } from './context.ts';
import type { AtWork } from './possession.ts';
import { keepForHeld } from './store/keep-for-held.ts';

/** A checked commit, its chunks pinned until `commitBy` or later. */
export type CheckedCommit = {
  readonly commitId: CommitId;
  readonly commitBy: Date;
  readonly driveEpoch: string;
  readonly uploadId: UploadId;
  readonly operations: CheckedOperation[];
  readonly atomic: boolean;
};

const attempts = 3;
const pauseMs = 100;

/**
 * Hands a commit to metadata. A lost answer is asked for again under the same commit id, a few times: write ids make the
 * repeat harmless. The pin goes once metadata has answered, in whatever way but that the brake holds the device; if it never does,
 * the pin stays and the expiry job settles it. Throws what metadata refuses with, and `unavailable` when it cannot be reached.
 */
export async function forwardCommit(context: Context, work: AtWork, commit: CheckedCommit, pinned: boolean): Promise<CommitAnswer> {
  const { commitBy, ...rest } = commit;
  const body = { ...rest, commitBy: commitBy.toISOString() };
  // The client's going away must not stop the question what became of its commit.
  const call = {
    ...context.metadata.as({ tenantId: work.tenantId, actor: work.actor, link: work.link }),
    params: { drive: work.drive },
    body,
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await context.metadata.client.call(routes.forwardCommit, call);
      if (pinned) context.pins.release(work.tenantId, commit.commitId);
      return answer;
    } catch (error) {
      if (isHold(error)) {
        await keepForHeld(context.database, work.tenantId, commit.commitId, commit.uploadId);
        throw error;
      }
      if (error instanceof Problem && !error.retryable && error.code !== 'internal') {
        if (pinned) context.pins.release(work.tenantId, commit.commitId);
        throw error;
      }
      if (attempt >= attempts) throw unanswered(error);
      await wait(pauseMs * attempt);
    }
  }
}

/** The brake holds the device: what it sent may be wanted yet, once a person has decided. */
function isHold(error: unknown): error is Problem {
  return error instanceof Problem && error.code === 'locked' && error.details?.['reason'] === 'brake';
}

function unanswered(error: unknown): Problem {
  if (error instanceof Problem && error.retryable) return error;
  return new Problem('unavailable', 'The commit was not answered: ask again with the same write ids', {
    retryAfterSeconds: 1,
    cause: error,
  });
}
