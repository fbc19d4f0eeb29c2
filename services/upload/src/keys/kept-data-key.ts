import { fingerprintOf, generateDataKey, StoreError, type DataKey, type KeyManager, type KeyName } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { KeptKey } from '../store/read-data-keys.ts';

/**
 * Has a kept key opened. Throws `StoreError`: what the key manager says, and `unavailable` where it answers another key than was wrapped,
 * under which nothing could be read and nothing must be written.
 */
export async function openKept(manager: KeyManager, of: KeyName, { keyGeneration, bytes, fingerprint }: KeptKey): Promise<DataKey> {
  const key = await manager.unwrap(of, { keyGeneration, bytes });
  if (fingerprint !== undefined && !fingerprintOf(key).equals(fingerprint))
    throw new StoreError('unavailable', `${manager.place} answers another key than it wrapped`, { transient: false });
  return key;
}

/** Makes a new data key, in the form in which it is kept, once that was opened again. Throws as `openKept` does. */
export async function makeKept(manager: KeyManager, tenant: TenantId, generation: number): Promise<KeptKey> {
  const key = generateDataKey(tenant, generation);
  const kept: KeptKey = { generation, ...(await manager.wrap(key)), fingerprint: fingerprintOf(key) };
  await openKept(manager, key, kept);
  return kept;
}
