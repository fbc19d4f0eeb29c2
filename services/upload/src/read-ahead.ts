import type { StoredChunk } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Context } from './context.ts';
import { tellDamage } from './damage.ts';
import type { Place } from './place.ts';

const groupBytes = 8 << 20;
const groupChunks = 512;

/** Cuts a row of chunks into groups that are read at once: bounded in bytes, stored and plain, and in number. */
export function groupChunksOf(chunks: readonly Place[]): Place[][] {
  const groups: Place[][] = [];
  let open: Place[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    const cost = costOf(chunk);
    if (open.length > 0 && (bytes + cost > groupBytes || open.length >= groupChunks)) {
      groups.push(open);
      [open, bytes] = [[], 0];
    }
    open.push(chunk);
    bytes += cost;
  }
  if (open.length > 0) groups.push(open);
  return groups;
}

function costOf(place: Place): number {
  return Math.max(place.length, place.plainSize);
}

/**
 * The stored chunks of a row, in order, one group read ahead of the one being sent. Memory comes from the budget that all
 * readers share: reading ahead only tries for it, so nobody waits for memory while holding any.
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
  try {
    for (const [index, group] of groups.entries()) {
      const current = ahead ?? { bytes: bytesOf(group), read: undefined };
      ahead = undefined;
      if (current.read === undefined) await context.sending.take(current.bytes, signal);
      try {
        const reading = current.read ?? context.pool.read(tenantId, group);
        const following = groups[index + 1];
        if (following !== undefined && context.sending.tryTake(bytesOf(following))) ahead = start(following, bytesOf(following));
        yield* await reading.catch(tellDamage);
      } finally {
        context.sending.release(current.bytes);
      }
    }
  } finally {
    if (ahead !== undefined) {
      await ahead.read.catch(() => {});
      context.sending.release(ahead.bytes);
    }
  }
}

function bytesOf(group: readonly Place[]): number {
  return group.reduce((sum, chunk) => sum + costOf(chunk), 0);
}
