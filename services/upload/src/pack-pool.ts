import {
  PackBatcher,
  readEncodedFrames,
  readIndex,
  StoreError,
  type BatcherOptions,
  type PackId,
  type PackStore,
  type StoredChunk,
} from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { TenantErased, type Database } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { CountLookup } from '@driftbox/service-kit';
import type { ChunkPool, Written, WrittenPack } from './chunk-pool.ts';
import { damageOf } from './damage.ts';
import { freeBytes } from './free-bytes.ts';
import type { PoolMirror } from './open-pool.ts';
import type { Place } from './place.ts';
import { findPlaces } from './store/find-places.ts';
import { recordChunks } from './store/record-chunks.ts';
import type { TenantKeys } from './keys/tenant-keys.ts';

const remembered = 4_096;
const discardsAtOnce = 8;

/** A chunk pool over a pack store. The pack is durable before its rows are written: a crash in between leaves a pack that nobody names. */
export class PackPool implements ChunkPool {
  readonly #database: Database;
  readonly #store: PackStore;
  readonly #keys: TenantKeys;
  readonly #batcher: PackBatcher;
  /** Sizes of the packs written last, for their rows. */
  readonly #sizes = new Map<PackId, number>();

  readonly #mirror: PoolMirror | undefined;
  readonly #count: CountLookup;

  constructor(
    database: Database,
    store: PackStore,
    keys: TenantKeys,
    {
      mirror,
      count = () => {},
      ...options
    }: BatcherOptions & { readonly mirror?: PoolMirror | undefined; readonly count?: CountLookup } = {},
  ) {
    this.#mirror = mirror;
    this.#count = count;
    this.#database = database;
    this.#store = store;
    this.#keys = keys;
    this.#batcher = new PackBatcher(this.#measuring(store), options);
  }

  /** What waits to be packed, and to be written. */
  get backlog(): PackBatcher['backlog'] {
    return this.#batcher.backlog;
  }

  get isMirrored(): boolean {
    return this.#mirror !== undefined;
  }

  async store(tenantId: TenantId, chunks: readonly StoredChunk[]): Promise<void> {
    if (chunks.length === 0) return;
    const { places, packs } = await this.write(tenantId, chunks);
    try {
      await recordChunks(this.#database, tenantId, packs, places);
    } catch (error) {
      // Written while the tenant was erased: nobody knows of these packs, nor ever will.
      if (error instanceof TenantErased) await this.discard(packs.map(({ packId }) => packId));
      throw error;
    }
  }

  async write(tenantId: TenantId, chunks: readonly StoredChunk[]): Promise<Written> {
    const key = await this.#keys.newest(tenantId);
    const places = await this.#batcher.add(key, chunks).catch(asProblem);
    const packs = new Map<PackId, WrittenPack>();
    for (const { packId, generation } of places) {
      if (!packs.has(packId)) packs.set(packId, { packId, generation, sizeBytes: await this.#sizeOf(packId) });
    }
    return { places, packs: [...packs.values()] };
  }

  async read(tenantId: TenantId, places: readonly Place[]): Promise<StoredChunk[]> {
    try {
      return await this.#readAt(tenantId, places);
    } catch (error) {
      const now = (await this.#movedSince(tenantId, places, error)) ?? (await this.#repaired(places, error));
      if (now === undefined) throw error;
      return this.#readAt(tenantId, now);
    }
  }

  async index(tenantId: TenantId, packId: PackId): Promise<readonly Place[]> {
    return (await readIndex(this.#store, packId, (generation) => this.#keys.of(tenantId, generation)).catch(asProblem)).frames;
  }

  async repair(packId: PackId): Promise<boolean> {
    return (await this.#mirror?.repair(packId).catch(asProblem)) ?? false;
  }

  async compare(packId: PackId): Promise<boolean> {
    return (await this.#mirror?.compare(packId).catch(asProblem)) ?? false;
  }

  async discard(packIds: readonly string[]): Promise<void> {
    const left = [...packIds];
    const remove = async (): Promise<void> => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) await this.#store.delete(id as PackId).catch(asProblem);
    };
    await Promise.all(Array.from({ length: discardsAtOnce }, remove));
  }

  close(): Promise<void> {
    return this.#batcher.close();
  }

  async #readAt(tenantId: TenantId, places: readonly Place[]): Promise<StoredChunk[]> {
    const chunks: StoredChunk[] = [];
    for (const run of runsOfGeneration(places)) {
      const key = await this.#keys.of(tenantId, run.generation);
      for await (const { location, bytes } of this.#frames(key, run.places)) {
        const { digest, plainSize, encoding } = location;
        chunks.push({ digest, plainSize, encoding, bytes });
      }
    }
    return chunks;
  }

  /** Where the chunks lie now, if a pack is gone because collection moved what was in it; a reader may be slower than any grace. */
  async #movedSince(tenantId: TenantId, places: readonly Place[], error: unknown): Promise<Place[] | undefined> {
    if (!(error instanceof StoreError) || error.kind !== 'not_found') return undefined;
    const found = await findPlaces(this.#database, tenantId, [...new Set(places.map(({ digest }) => digest))]);
    const now = places.map(({ digest }) => found.places.get(digest)).filter((place) => place !== undefined);
    return now.length === places.length && now.some((place, index) => place.packId !== places[index]?.packId) ? now : undefined;
  }

  /** The same places, if a damaged copy of a pack was made good. */
  async #repaired(places: readonly Place[], error: unknown): Promise<readonly Place[] | undefined> {
    if (damageOf(error) === undefined) return undefined;
    let isRepaired = false;
    for (const packId of new Set(places.map((place) => place.packId))) if (await this.repair(packId)) isRepaired = true;
    return isRepaired ? places : undefined;
  }

  async *#frames(key: Awaited<ReturnType<TenantKeys['of']>>, places: readonly Place[]) {
    try {
      yield* readEncodedFrames(this.#store, key, places);
    } catch (error) {
      await asProblem(error);
    }
  }

  async #sizeOf(packId: PackId): Promise<number> {
    const known = this.#sizes.get(packId);
    this.#count(known !== undefined);
    return known ?? (await this.#store.stat(packId).catch(asProblem)).sizeBytes;
  }

  #measuring(store: PackStore): PackStore {
    return {
      write: async (id, bytes) => {
        await store.write(id, bytes);
        for (const oldest of this.#sizes.keys()) {
          if (this.#sizes.size < remembered) break;
          this.#sizes.delete(oldest);
        }
        this.#sizes.set(
          id,
          bytes.reduce((sum, piece) => sum + piece.length, 0),
        );
        // Durable now, and nobody else has these bytes: the batcher keeps only where the frames lie.
        freeBytes(bytes);
      },
      read: (id, range) => store.read(id, range),
      stat: (id) => store.stat(id),
      list: (page) => store.list(page),
      delete: (id) => store.delete(id),
    };
  }
}

/** Places in their order, divided where the generation of the key changes. */
function runsOfGeneration(places: readonly Place[]): { readonly generation: number; readonly places: Place[] }[] {
  const runs: { generation: number; places: Place[] }[] = [];
  for (const place of places) {
    const last = runs.at(-1);
    if (last?.generation === place.generation) last.places.push(place);
    else runs.push({ generation: place.generation, places: [place] });
  }
  return runs;
}

/** What a store could not do, as the caller hears it. Damage is not the caller's to mend, nor to know about. */
export async function asProblem(error: unknown): Promise<never> {
  if (!(error instanceof StoreError)) throw error;
  if (error.kind === 'full')
    throw new Problem('unavailable', 'The storage pool is full; nothing was stored', { retryAfterSeconds: 60, cause: error });
  if (error.kind === 'unavailable')
    throw new Problem('unavailable', 'The storage pool is not available at the moment', { retryAfterSeconds: 2, cause: error });
  throw error;
}
