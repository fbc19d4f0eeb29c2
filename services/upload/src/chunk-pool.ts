import type { PackId, StoredChunk } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Place } from './place.ts';

/** A durable pack, in bytes. */
export type WrittenPack = { readonly packId: PackId; readonly generation: number; readonly sizeBytes: number };
/** Where chunks were written, in their order, and the packs that they are in. */
export type Written = { readonly places: readonly Place[]; readonly packs: readonly WrittenPack[] };

/** Chunks of all tenants, kept in encrypted packs. Throws `unavailable` when the pool cannot serve or is full. */
export type ChunkPool = {
  /** Whether it is in two places, each with a copy of every pack. */
  readonly isMirrored: boolean;
  /** Resolves once the chunks are durable in packs and their places are recorded: then they survive any crash. */
  store(tenantId: TenantId, chunks: readonly StoredChunk[]): Promise<void>;
  /** The first half of `store`: durable, but recorded nowhere. Others may be in the same packs. */
  write(tenantId: TenantId, chunks: readonly StoredChunk[]): Promise<Written>;
  /**
   * The chunks as they were stored, authenticated under their digests but not unpacked, in the order asked; adjacent frames of
   * one pack by one ranged read. The caller bounds what it asks for at once.
   */
  read(tenantId: TenantId, places: readonly Place[]): Promise<StoredChunk[]>;
  /** What a pack says that it holds. Throws `StoreError` when the pack is not there or is damaged. */
  index(tenantId: TenantId, packId: PackId): Promise<readonly Place[]>;
  /** Makes the damaged copy of a pack good from the other, where the pool is in two places; whether that was so. */
  repair(packId: PackId): Promise<boolean>;
  /** The same for a pack of which nothing is known to be wrong. Throws `unavailable` while one of the two does not answer. */
  compare(packId: PackId): Promise<boolean>;
  /** Removes packs for good, those that are gone already included; named by their ids. */
  discard(packIds: readonly string[]): Promise<void>;
  /** Waits for what is being written, and takes no more. */
  close(): Promise<void>;
};
