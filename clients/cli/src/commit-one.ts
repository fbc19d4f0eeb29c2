import type { Client } from '@driftbox/api-client';
import { Problem, routes } from '@driftbox/protocol';
import type { Drive, SentBody, WireOutcome } from '@driftbox/protocol';

/** An operation as it is sent. */
export type SentOperation = SentBody<typeof routes.postCommit>['operations'][number];
type Committed = Extract<WireOutcome, { outcome: 'committed' }>;

/** Commits one operation. Throws the problem that its outcome tells. */
export async function commitOne(client: Client, drive: Drive, operation: SentOperation): Promise<Committed> {
  const body = { driveEpoch: drive.driveEpoch, operations: [operation] };
  const { outcomes } = await client.call(routes.postCommit, { params: { drive: drive.drive }, body });
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Problem('internal', 'The server told no outcome');
  if (outcome.outcome === 'committed') return outcome;
  throw problemOf(outcome);
}

/** The problem behind an outcome that wrote nothing. */
export function problemOf(outcome: Exclude<WireOutcome, Committed>): Problem {
  const { outcome: code, ...details } = outcome;
  const detail = 'detail' in details && typeof details.detail === 'string' ? details.detail : undefined;
  return new Problem(code === 'aborted' ? 'revision_conflict' : code, detail, { details });
}
