import { randomInt } from 'node:crypto';
import type { EntryId } from '@driftbox/domain';
import { Problem, routes, type AnswerOf, type LinkClaims, type Routes } from '@driftbox/protocol';
import { commitFile } from './commit-file.ts';
import type { Context } from './context.ts';
import { numberedName } from './numbered-name.ts';
import { outcomeProblem } from './outcome-problem.ts';
import type { AtWork } from './possession.ts';
import { receiveFile } from './receive-file.ts';

/** A file from somebody who only holds a link. */
export type LinkedFile = {
  readonly folder: EntryId;
  readonly name: string;
  readonly mtime?: string | undefined;
  readonly sizeHint?: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
};

/** Names are tried one after the other, then at random: many people send a `scan.pdf`. */
const triedInOrder = 8;
const mostTries = 16;

/**
 * Puts a new file into a folder. Whoever sends it sees nothing of the folder, so a name that is taken is theirs with a number.
 * Nothing is committed unless the body came whole. Throws what a commit throws.
 */
export async function putLinkedFile(
  context: Context,
  work: AtWork & { readonly link: LinkClaims; readonly signal: AbortSignal },
  { folder, name, mtime, sizeHint, body }: LinkedFile,
): Promise<AnswerOf<Routes['putLinkedFile']>> {
  const { client, as } = context.metadata;
  const { driveEpoch } = await client.call(routes.checkAccess, { ...as(work), params: { drive: work.drive }, body: { verb: 'write' } });
  const file = await receiveFile(context, work, body, sizeHint);
  for (let tried = 1; ; tried += 1) {
    const number = tried <= triedInOrder ? tried : randomInt(10, 1_000_000);
    const free = number === 1 ? name : numberedName(name, number);
    const outcome = await commitFile(context, work, file, { driveEpoch, parentId: folder, name: free, mtime });
    if (outcome.outcome === 'committed') return { entryId: outcome.entryId, name: free, sizeBytes: file.sizeBytes };
    if (outcome.outcome === 'not_found') throw new Problem('not_found');
    if (outcome.outcome !== 'name_taken' || tried === mostTries) throw outcomeProblem(outcome);
  }
}
