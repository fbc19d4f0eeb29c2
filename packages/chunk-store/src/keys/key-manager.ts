import type { TenantId } from '@driftbox/domain';
import type { DataKey } from '../data-key.ts';
import type { StoreError } from '../store-error.ts';

/** A data key encrypted under a key-encryption key of the named generation: safe to keep in a database. */
export type WrappedKey = { readonly keyGeneration: number; readonly bytes: Uint8Array };

/** Which data key a wrapping is of. It is bound to both: another tenant's or generation's does not unwrap in its place. */
export type KeyName = { readonly tenant: TenantId; readonly generation: number };

/** The generations of the key-encryption key. */
export type KeyGenerations = {
  /** The one that `wrap` uses now. */
  readonly current: number;
  /** All that still unwrap, oldest first. */
  readonly usable: readonly number[];
};

/**
 * Holds the key-encryption keys. Rotation adds a generation; data keys are then re-wrapped under it, and no pack is touched.
 *
 * All of it throws `StoreError`: `unavailable` while the keys cannot be reached or used (gone, sealed, refused, too slow),
 * `not_found` for a generation that is not there or no longer usable, `corrupt` for a wrapping that is not of that name.
 */
export interface KeyManager {
  /** Where the keys are, for people; no secret. */
  readonly place: string;
  /** As they are now, not as somebody remembers them. */
  generations(): Promise<KeyGenerations>;
  wrap(key: DataKey): Promise<WrappedKey>;
  unwrap(of: KeyName, wrapped: WrappedKey): Promise<DataKey>;
  /** Each under the current generation, in the order given; at most `mostRewraps`. One that is damaged spoils no other. */
  rewrap(some: readonly { readonly of: KeyName; readonly wrapped: WrappedKey }[]): Promise<readonly (WrappedKey | StoreError)[]>;
  /** Adds a generation, which becomes the current one, and answers it. One at a time, and never repeated on its own. */
  rotate(): Promise<number>;
  /** Destroys a generation and all older ones. Throws `not_found` for one that is not usable, and `AssertionError` for the current one. */
  retire(generation: number): Promise<void>;
}

/** Most wrappings in one call of `rewrap`. */
export const mostRewraps = 100;
