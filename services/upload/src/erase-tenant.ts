import type { TenantId } from '@driftbox/domain';
import { emptyTable, eraseTenant as erase, type ErasingStep } from '@driftbox/postgres';
import { Problem, type TenantErasure } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { destroyDataKeys } from './store/destroy-data-keys.ts';
import { removeTenant } from './store/remove-tenant.ts';
import { forgetPacks, somePacks } from './store/take-packs.ts';

/** As many objects are removed from the pool in one transaction: a second or so, where an answer takes a tenth of one. */
const packsOfStep = 64;

/**
 * Erases the bytes of a suspended tenant: its keys first, then the objects of its packs, each before the row that names it, so
 * that a kill leaves no object that nobody knows. Works for `budgetMs` at most; asked again it goes on, and answers the
 * receipt when it is done. Throws `not_suspended`, or `unavailable` while the pool is away.
 */
export async function eraseTenant(context: Context, tenantId: TenantId, budgetMs: number): Promise<TenantErasure> {
  const answer = await erase(context.database, tenantId, {
    budgetMs,
    steps: [
      // Without the keys all that follows is of no use to anybody, also while the pool is away.
      destroyDataKeys,
      ...['incoming_pieces', 'incoming_files', 'proofs', 'pins', 'uploads', 'chunks', 'collection_holds'].map(emptyTable),
      ...['upkeep_places', 'damaged_chunks'].map(emptyTable),
      erasePacks(context),
      emptyTable('physical_ledger'),
    ],
    async begin(tx) {
      if (!(await removeTenant(tx))) throw new Problem('not_suspended');
    },
  });
  context.keys.forget(tenantId);
  return answer;
}

function erasePacks({ pool }: Context): ErasingStep {
  return async (tx) => {
    const packs = await somePacks(tx, packsOfStep);
    await pool.discard(packs.map((pack) => pack.pack_id.replaceAll('-', '')));
    forgetPacks(
      tx,
      packs.map((pack) => pack.pack_id),
    );
    return { packs: packs.length, packBytes: packs.reduce((sum, pack) => sum + pack.size_bytes, 0) };
  };
}
