import { hedged, metered, openDiskStore, openS3Store, retry, verify, type PackStore } from '@driftbox/chunk-store';
import type { Registry } from 'prom-client';
import type { PoolSettings } from './config.ts';

/** A pool as the service uses it. */
export type OpenPool = {
  readonly store: PackStore;
  /** Throws while the pool does not answer. Cheap. */
  check(): Promise<unknown>;
  close(): void;
};

/** Opens the pool that is set. Throws `StoreError` when the bucket cannot be reached or is not there. */
export async function openPool(settings: PoolSettings, registry: Registry): Promise<OpenPool> {
  if (settings.kind === 'disk') {
    const disk = await openDiskStore(settings.folder);
    return { store: retry(verify(metered(disk, { registry, pool: 'disk' }))), check: async () => {}, close: () => {} };
  }
  const s3 = await openS3Store(settings);
  // A slow read is asked for twice below what verifies and tries again: each answer is checked by itself.
  const store = retry(verify(hedged(metered(s3, { registry, pool: settings.bucket }))));
  return { store, check: () => s3.list({ limit: 1 }), close: () => s3.close() };
}
