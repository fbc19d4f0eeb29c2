import type { StoredChunk } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Context } from './context.ts';
import { damageOf, tellDamage } from './damage.ts';
import { bytesOf, groupChunksOf } from './group-chunks.ts';
import type { Place } from './place.ts';
import { noteDamage } from './scrub/note-damage.ts';

/**
 * The stored chunks of a row, in order, one group read ahead of the one being sent. Memory comes from the budget that all
 * readers share: reading ahead only tries for it, so nobody waits for memory while holding any. Damage is noted, and thrown as
 * `content_damaged`.
 */
export async function* readAhead(
  context: Context,
  tenantId: TenantId,
  chunks: readonly Place[],
  signal: AbortSignal,
): AsyncGenerator<StoredChunk> {
  const groups = groupChunksOf(chunks);
  let ahead: { bytes: number; read: Promise<StoredChunk[]> } | undefined;
  const start = (group: Place[], bytes: number) => {
    const read = context.pool.read(tenantId, group);
    read.catch(() => {});
    return { bytes, read };
  };
  const dropAhead = async (): Promise<void> => {
    const dropped = ahead;
    ahead = undefined;
    await dropped?.read.catch(() => {});
    context.sending.release(dropped?.bytes ?? 0);
  };
  let last: readonly Place[] = [];
  try {
    for (const [index, group] of groups.entries()) {
      last = group;
      const current = ahead ?? { bytes: bytesOf(group), read: undefined };
      ahead = undefined;
      if (current.read === undefined) await context.sending.take(current.bytes, signal);
      try {
        const reading = current.read ?? context.pool.read(tenantId, group);
        const following = groups[index + 1];
        if (following !== undefined && context.sending.tryTake(bytesOf(following))) ahead = start(following, bytesOf(following));
        yield* await reading;
      } finally {
        context.sending.release(current.bytes);
      }
    }
  } catch (error) {
    await dropAhead();
    // What cannot be noted now is found by the scrub.
    if (damageOf(error) !== undefined) await noteDamage(context, tenantId, last, signal).catch(() => {});
    tellDamage(error);
  } finally {
    await dropAhead();
  }
}
