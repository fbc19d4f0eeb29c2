import type { Digest } from '@driftbox/domain';
import type { CollectionGround, Page, Removed } from './ground.ts';

/**
 * Condemns what nothing holds and nothing references among the next chunks, and answers where to go on. Holds are looked
 * at before references: a commit lets go of its pin only once metadata has answered, so whoever finds no pin and then no
 * reference has missed no commit that had begun to pin before. One that pins later, and still sees the chunk as it was, is
 * noticed when its grace period is over. Meanwhile the chunk can be read: condemned it is missing for writers alone.
 */
export async function condemnIdle(
  ground: CollectionGround,
  after: Digest | undefined,
  limit: number,
): Promise<{ readonly last: Digest | undefined; readonly condemned: number }> {
  const { items, last } = await ground.listIdle(after, limit);
  const referenced = await ask(ground, items);
  const unwanted = items.filter((digest) => !referenced.has(digest));
  return { last, condemned: unwanted.length === 0 ? 0 : await ground.condemn(unwanted) };
}

/**
 * Deletes what was condemned a grace period ago and is still neither held nor referenced; what is referenced is taken back.
 * A commit that saw the chunk before it was condemned has its pin or its revision by now; one that began later saw it as
 * missing, unless its bytes were proven again: then this condemnation is over, and `remove` leaves the chunk alone.
 */
export async function removeDue(
  ground: CollectionGround,
  after: Digest | undefined,
  limit: number,
): Promise<{ readonly last: Digest | undefined; readonly removed: Removed }> {
  const { items, last } = await ground.listDue(after, limit);
  const referenced = await ask(
    ground,
    items.map(({ digest }) => digest),
  );
  if (referenced.size > 0) await ground.reprieve([...referenced]);
  const dead = items.filter(({ digest }) => !referenced.has(digest));
  return { last, removed: dead.length === 0 ? { count: 0, bytes: 0 } : await ground.remove(dead) };
}

async function ask(ground: CollectionGround, digests: Page<Digest, Digest>['items']): Promise<ReadonlySet<Digest>> {
  return digests.length === 0 ? new Set() : ground.findReferenced(digests);
}
