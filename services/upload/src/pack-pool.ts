import { PackBatcher, readEncodedFrames, StoreError, type BatcherOptions, type PackId, type PackStore, type StoredChunk } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { ChunkPool } from './chunk-pool.ts';
import type { Place } from './place.ts';
import { recordChunks, type DurablePack } from './store/record-chunks.ts';
import type { TenantKeys } from './tenant-keys.ts';

const remembered = 4_096;

/** A chunk pool over a pack store. The pack is durable before its rows are written: a crash in between leaves a pack that nobody names. */
export class PackPool implements ChunkPool {
  readonly #database: Database;
  readonly #store: PackStore;
  readonly #keys: TenantKeys;
  readonly #batcher: PackBatcher;
  /** Sizes of the packs written last, for their rows. */
  readonly #sizes = new Map<PackId, number>();

  constructor(database: Database, store: PackStore, keys: TenantKeys, options: BatcherOptions = {}) {
    this.#database = database;
    this.#store = store;
    this.#keys = keys;
    this.#batcher = new PackBatcher(this.#measuring(store), options);
  }

  async store(tenantId: TenantId, chunks: readonly StoredChunk[]): Promise<void> {
    if (chunks.length === 0) return;
    const key = await this.#keys.newest(tenantId);
    const places = await this.#batcher.add(key, chunks).catch(asProblem);
    const packs = new Map<PackId, DurablePack>();
    for (const { packId, generation } of places) {
      if (!packs.has(packId)) packs.set(packId, { packId, generation, sizeBytes: await this.#sizeOf(packId) });
    }
    await recordChunks(this.#database, tenantId, [...packs.values()], places);
  }

  async read(tenantId: TenantId, places: readonly Place[]): Promise<StoredChunk[]> {
    const chunks: StoredChunk[] = [];
    for (let from = 0; from < places.length;) {
      const { generation } = places[from]!;
      let to = from + 1;
      while (to < places.length && places[to]!.generation === generation) to += 1;
      const key = await this.#keys.of(tenantId, generation);
      for await (const { location, bytes } of this.#frames(key, places.slice(from, to))) {
        const { digest, plainSize, encoding } = location;
        chunks.push({ digest, plainSize, encoding, bytes });
      }
      from = to;
    }
    return chunks;
  }

  close(): Promise<void> {
    return this.#batcher.close();
  }

  async *#frames(key: Awaited<ReturnType<TenantKeys['of']>>, places: readonly Place[]) {
    try {
      yield* readEncodedFrames(this.#store, key, places);
    } catch (error) {
      await asProblem(error);
    }
  }

  async #sizeOf(packId: PackId): Promise<number> {
    return this.#sizes.get(packId) ?? (await this.#store.stat(packId).catch(asProblem)).sizeBytes;
  }

  #measuring(store: PackStore): PackStore {
    return {
      write: async (id, bytes) => {
        await store.write(id, bytes);
        if (this.#sizes.size >= remembered) this.#sizes.delete(this.#sizes.keys().next().value!);
        this.#sizes.set(id, bytes.reduce((sum, piece) => sum + piece.length, 0));
      },
      read: (id, range) => store.read(id, range),
      stat: (id) => store.stat(id),
      list: (page) => store.list(page),
      delete: (id) => store.delete(id),
    };
  }
}

/** What a store could not do, as the caller hears it. Damage is not the caller's to mend, nor to know about. */
async function asProblem(error: unknown): Promise<never> {
  if (!(error instanceof StoreError)) throw error;
  if (error.kind === 'full') throw new Problem('unavailable', 'The storage pool is full; nothing was stored', { retryAfterSeconds: 60, cause: error });
  if (error.kind === 'unavailable') throw new Problem('unavailable', 'The storage pool is not available at the moment', { retryAfterSeconds: 2, cause: error });
  throw error;
}
