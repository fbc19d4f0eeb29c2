import type { TenantId } from '@driftbox/domain';
import type { DataKey } from './data-key.ts';

/** A data key encrypted under a key-encryption key of the named generation: safe to keep in a database. */
export type WrappedKey = { readonly keyGeneration: number; readonly bytes: Uint8Array };

/**
 * Holds the key-encryption keys. Rotation adds a generation; data keys are then unwrapped under the old one and wrapped
 * again under the current one, and no pack is touched.
 */
export interface KeyManager {
  /** The generation that `wrap` uses now. */
  readonly currentGeneration: number;
  wrap(key: DataKey): Promise<WrappedKey>;
  /** Throws `StoreError`: `corrupt` when the wrapping is not of this tenant and generation, `not_found` for an unknown key. */
  unwrap(of: { readonly tenant: TenantId; readonly generation: number }, wrapped: WrappedKey): Promise<DataKey>;
}
