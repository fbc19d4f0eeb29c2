import type { StoredChunk } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Place } from './place.ts';

/** Chunks of all tenants, kept in encrypted packs. Throws `unavailable` when the pool cannot serve or is full. */
export type ChunkPool = {
  /** Resolves once the chunks are durable in packs and their places are recorded: then they survive any crash. */
  store(tenantId: TenantId, chunks: readonly StoredChunk[]): Promise<void>;
  /**
   * The chunks as they were stored, authenticated under their digests but not unpacked, in the order asked; adjacent frames of
   * one pack by one ranged read. The caller bounds what it asks for at once.
   */
  read(tenantId: TenantId, places: readonly Place[]): Promise<StoredChunk[]>;
  /** Removes packs for good, those that are gone already included; named by their ids. */
  discard(packIds: readonly string[]): Promise<void>;
  /** Waits for what is being written, and takes no more. */
  close(): Promise<void>;
};
