import type { Client } from '@driftbox/api-client';
import { Problem, routes } from '@driftbox/protocol';
import type { Drive } from '@driftbox/protocol';
import { problemOf } from '@driftbox/transfer';
import type { Committed, SentOperation } from '@driftbox/transfer';

/** Commits one operation. Throws the problem that its outcome tells. */
export async function commitOne(client: Client, drive: Drive, operation: SentOperation): Promise<Committed> {
  const body = { driveEpoch: drive.driveEpoch, operations: [operation] };
  const { outcomes } = await client.call(routes.postCommit, { params: { drive: drive.drive }, body });
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Problem('internal', 'The server told no outcome');
  if (outcome.outcome === 'committed') return outcome;
  throw problemOf(outcome);
}
