import type { TenantId } from '@driftbox/domain';
import type { Context } from '../context.ts';
import type { Place } from '../place.ts';
import { findDamaged } from '../store/find-damaged.ts';
import { noteFound, type Damage } from '../store/record-scrub.ts';
import { readGroup } from './scrub-pack.ts';

/**
 * Looks once more at chunks among which a reader met damage, each by itself, and notes those that cannot be read: whoever asks for them
 * next is told before the first byte, and the next scrub tells their owners. Where one of them is known already, nothing is done.
 */
export async function noteDamage(context: Context, tenantId: TenantId, chunks: readonly Place[], signal: AbortSignal): Promise<void> {
  const known = await findDamaged(
    context.database,
    tenantId,
    chunks.map(({ digest }) => digest),
  );
  if (known.length > 0) return;
  const damage: Damage[] = [];
  for (const place of chunks) {
    const kind = await readGroup(context, tenantId, [place], signal);
    if (kind !== undefined) damage.push({ digest: place.digest, packId: place.packId, kind });
  }
  await noteFound(context.database, tenantId, damage);
}
