import { MemoryStore, readIndex, StoreError, type PackId } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Context } from '../context.ts';

/**
 * Whether a key of one of these tenants opens the pack's footer, and so whether this cell wrote it: another one may have been given the
 * same place in the same bucket. `undefined`: it is not there any more. Throws where pool or key manager are away.
 */
export async function isOurs({ keys, objects }: Context, packId: PackId, tenants: readonly TenantId[]): Promise<boolean | undefined> {
  const held = new MemoryStore();
  try {
    await held.write(packId, [await objects.store.read(packId)]);
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'not_found') return undefined;
    if (error instanceof StoreError && error.kind === 'corrupt') return false;
    throw error;
  }
  for (const tenantId of tenants) {
    const opens = await readIndex(held, packId, (generation) => keys.of(tenantId, generation)).then(
      () => true,
      // Otherwise it has no such key, or not the right one.
      (error: unknown) => (error instanceof Problem ? Promise.reject(error) : false),
    );
    if (opens) return true;
  }
  return false;
}
