import type { PackId } from './pack-id.ts';

/** The bytes of a pack in pieces that belong together in this order, so that nobody copies them to join them. */
export type PackBytes = readonly Uint8Array[];
/** Part of an object, in bytes from its start. */
export type ByteRange = { readonly offset: number; readonly length: number };
/** What is known of a stored pack without reading it. */
export type PackStat = { readonly id: PackId; readonly sizeBytes: number };
/** One page of a listing, in ascending order of ids; `next` is the `after` of the next page, absent on the last. */
export type PackPage = { readonly packs: readonly PackStat[]; readonly next?: PackId };

/** The most that one page of `list` may ask for. */
export const maxListLimit = 1000;

/**
 * Immutable ciphertext under random names. Every failure is a `StoreError`. Wrappers have the same face:
 * `retry(verify(disk))`.
 */
export interface PackStore {
  /**
   * Stores a pack; when it resolves the pack is durable and readable. All or nothing: a pack is never seen half written.
   * Writing the same bytes under the same id again succeeds; other bytes are refused as `corrupt`, the first stay.
   */
  write(id: PackId, bytes: PackBytes): Promise<void>;
  /** The whole pack, or what there is of a range: fewer bytes than asked for where the pack ends before. `not_found`. */
  read(id: PackId, range?: ByteRange): Promise<Uint8Array>;
  /** Answers the size. `not_found`. */
  stat(id: PackId): Promise<PackStat>;
  /** The next packs after an id, at most `limit` (1 to `maxListLimit`). */
  list(page: { readonly after?: PackId | undefined; readonly limit: number }): Promise<PackPage>;
  /** Removes a pack durably; succeeds also when it is not there. */
  delete(id: PackId): Promise<void>;
}
