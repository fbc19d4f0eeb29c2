import { createTransitKeyManager, openFileKeyManager, patientKeys, type KeyManager } from '@driftbox/chunk-store';
import type { Database } from '@driftbox/postgres';
import type { Logger } from '@driftbox/service-kit';
import type { KeySettings } from './key-settings.ts';
import { listTenants } from '../store/list-tenants.ts';

/**
 * Opens the key manager that is set. A key file that is gone while there are tenants is no first start: throws `StoreError`
 * instead of making another, which would open nothing. Transit is not waited for: what it is needed for fails until it answers.
 */
export async function openKeys(settings: KeySettings, database: Database, log: Logger): Promise<KeyManager> {
  if (settings.kind === 'file') {
    return openFileKeyManager(settings.path, { mayCreate: async () => (await listTenants(database)).length === 0 });
  }
  const manager = patientKeys(createTransitKeyManager(settings));
  manager
    .generations()
    .then(({ current }) => log.info({ place: manager.place, generation: current }, 'the key manager answers'))
    .catch((error: unknown) => log.error({ err: error, place: manager.place }, 'the key manager does not answer: nothing can be opened'));
  return manager;
}
