import type { KeyManager } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { addDataKey } from '../store/add-data-key.ts';
import { readDataKeys } from '../store/read-data-keys.ts';
import { makeKept } from './kept-data-key.ts';
import { keyManagerSays } from './key-problem.ts';

/**
 * Adds a generation of a tenant's data key, unless the newest is newer than the one that the caller has seen: asking again is
 * harmless, also at once. Every process writes new packs under it within a minute; old packs stay under theirs.
 */
export async function rotateDataKey(
  { database, keyManager }: { readonly database: Database; readonly keyManager: KeyManager },
  tenantId: TenantId,
  from: number,
): Promise<{ generation: number }> {
  const newest = (await readDataKeys(database, tenantId)).at(-1)?.generation;
  if (newest === undefined) throw new Problem('not_found', 'This tenant has no data key');
  if (from > newest) throw new Problem('invalid_argument', `The newest generation is ${newest}`);
  if (newest > from) return { generation: newest };
  const generation = newest + 1;
  await addDataKey(database, tenantId, await makeKept(keyManager, tenantId, generation).catch(keyManagerSays));
  return { generation };
}
