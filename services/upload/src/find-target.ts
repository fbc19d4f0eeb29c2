import { Problem, routes, type AnswerOf } from '@driftbox/protocol';
import { matchFails, noneMatchFails } from '@driftbox/service-kit';
import type { FilePlace } from './commit-file.ts';
import { etagOf } from './content-headers.ts';
import type { Context } from './context.ts';
import type { AtWork } from './possession.ts';

/** What is at a path, or where a new file would be. */
export type Target = AnswerOf<typeof routes.resolveForWrite>;

/** What a caller knows to be at the path, as HTTP's conditional headers say it. */
export type Preconditions = { readonly ifMatch?: string | undefined; readonly ifNoneMatch?: string | undefined };

/**
 * What is at the path now, from the root or from `work.entry`, held against the preconditions (RFC 9110 §13.1.1 and §13.1.2): the
 * state a client had not seen is a `revision_conflict`, a name it thought free is `name_taken`, and so is one of something that is
 * no file.
 */
export async function findTarget(context: Context, work: AtWork, path: string, preconditions: Preconditions): Promise<Target> {
  const { client, as } = context.metadata;
  const target = await client.call(routes.resolveForWrite, {
    ...as(work),
    params: { drive: work.drive },
    body: { path, below: work.entry },
  });
  const current = target.entry === undefined ? undefined : etagOf(target.entry.entryId, target.entry.rev);
  if (noneMatchFails(preconditions.ifNoneMatch, current)) throw new Problem('name_taken', 'There is a file already');
  if (matchFails(preconditions.ifMatch, current)) throw new Problem('revision_conflict', undefined, { details: { etag: current } });
  if (target.entry !== undefined && target.entry.kind !== 'file') throw new Problem('name_taken', 'What is there is not a file');
  return target;
}

/** Where a file goes that is to be the next revision of what was found, or new where nothing was. */
export function placeOf({ driveEpoch, entry, parentId, name }: Target, mtime: string | undefined): FilePlace {
  return { driveEpoch, mtime, ...(entry === undefined ? { parentId, name } : { entryId: entry.entryId, rev: entry.rev }) };
}
