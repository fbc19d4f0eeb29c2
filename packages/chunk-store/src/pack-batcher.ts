import { strict as assert } from 'node:assert';
import { ByteBudget } from './byte-budget.ts';
import type { DataKey } from './data-key.ts';
import type { BatcherOptions, PackRequest } from './pack-request.ts';
import { OpenPack } from './open-pack.ts';
import { maxPlainBytes, tagBytes } from './pack-format.ts';
import type { FrameLocation } from './pack-format.ts';
import type { PackStore } from './pack-store.ts';
import type { SealedPack, StoredChunk } from './pack-writer.ts';
import { StoreError } from './store-error.ts';
import { WriteLine } from './write-line.ts';

type Part = { readonly pack: OpenPack; readonly frame: number };
type Tenant = { active: number; pack: OpenPack | undefined };

/**
 * Gathers the chunks of concurrent requests of a tenant into shared packs. A pack is written when it is full, when the
 * last request that could add to it ends, `maxWaitMs` after the first of them ended, or when memory is short.
 */
export class PackBatcher {
  readonly #budget: ByteBudget;
  readonly #writes: WriteLine;
  readonly #options: Required<Pick<BatcherOptions, 'maxWaitMs' | 'aloneBytes' | 'acceptDeadlineMs' | 'after'>>;
  /** Only tenants with an open request; by tenant and key generation. */
  readonly #tenants = new Map<string, Tenant>();
  readonly #flushing = new Set<Promise<void>>();
  #closed = false;

  constructor(store: PackStore, options: BatcherOptions = {}) {
    const { maxBufferedBytes = 128 << 20, maxWaiting = 1024, maxWrites = 8 } = options;
    assert(maxBufferedBytes >= maxPlainBytes + tagBytes, 'a large chunk must fit into memory');
    this.#budget = new ByteBudget(maxBufferedBytes, maxWaiting);
    this.#writes = new WriteLine(store, maxWrites);
    const { maxWaitMs = 5, aloneBytes = 1 << 20, acceptDeadlineMs = 30_000, after = startTimer } = options;
    this.#options = { maxWaitMs, aloneBytes, acceptDeadlineMs, after };
  }

  /** Encrypted bytes held now. */
  get bufferedBytes(): number {
    return this.#budget.usedBytes;
  }

  /** Chunks that wait for memory, and packs that wait to be written. */
  get backlog(): { readonly forMemory: number; readonly toWrite: number } {
    return { forMemory: this.#budget.waiting, toWrite: this.#writes.waiting };
  }

  /** Begins a request of a tenant. It must end by `finish` or `abandon`. */
  open(key: DataKey): PackRequest {
    if (this.#closed) throw new StoreError('unavailable', 'the store is closing');
    const name = `${key.tenant} ${key.generation}`;
    const tenant = this.#tenants.get(name) ?? { active: 0, pack: undefined };
    this.#tenants.set(name, tenant);
    tenant.active += 1;
    return this.#request(key, name, tenant);
  }

  /** A whole request in one call. */
  async add(key: DataKey, chunks: Iterable<StoredChunk>): Promise<FrameLocation[]> {
    const request = this.open(key);
    try {
      for (const chunk of chunks) await request.add(chunk);
      return await request.finish();
    } finally {
      request.abandon();
    }
  }

  /** Writes what is open, takes no new requests, and resolves when nothing is being written any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#flushAll();
    while (this.#flushing.size > 0) await Promise.all(this.#flushing);
  }

  #request(key: DataKey, name: string, tenant: Tenant): PackRequest {
    const parts: Part[] = [];
    const identity = {};
    let ended = false;
    const end = (): void => {
      ended = true;
      tenant.active -= 1;
      if (tenant.active === 0) this.#tenants.delete(name);
    };
    return {
      add: async (chunk) => {
        assert(!ended, 'the request has ended');
        await this.#accept(chunk.bytes.length + tagBytes);
        if (ended) return this.#budget.release(chunk.bytes.length + tagBytes);
        parts.push(this.#place(key, tenant, identity, chunk));
      },
      finish: async () => {
        assert(!ended, 'the request has ended');
        end();
        this.#share(tenant, identity);
        const sealed = await Promise.all(parts.map((part) => part.pack.durable));
        return parts.map((part, at) => frameOf(sealed[at], part.frame));
      },
      abandon: () => {
        if (ended) return;
        end();
        this.#leave(tenant, identity);
      },
    };
  }

  /** Takes memory; when it is short everything open is written, so that waiting always ends. */
  async #accept(bytes: number): Promise<void> {
    if (this.#budget.tryTake(bytes)) return;
    const granted = this.#budget.take(bytes, this.#options.acceptDeadlineMs);
    this.#flushAll();
    await granted;
  }

  #place(key: DataKey, tenant: Tenant, request: object, chunk: StoredChunk): Part {
    const alone = chunk.bytes.length >= this.#options.aloneBytes;
    if (!alone && tenant.pack !== undefined && !tenant.pack.fits(chunk.bytes.length)) this.#flushOf(tenant);
    const pack = (alone ? undefined : tenant.pack) ?? new OpenPack(key);
    pack.heldBytes += chunk.bytes.length + tagBytes;
    try {
      return { pack, frame: pack.add(request, chunk) };
    } catch (error) {
      pack.heldBytes -= chunk.bytes.length + tagBytes;
      this.#budget.release(chunk.bytes.length + tagBytes);
      throw error;
    } finally {
      if (pack.requests.size > 0) {
        if (alone) this.#flush(pack);
        else tenant.pack = pack;
        // Others wait for memory that this pack holds now.
        if (this.#budget.waiting > 0) this.#flushOf(tenant);
      }
    }
  }

  /** A request has ended: its pack goes now if nobody could add to it, else soon. */
  #share(tenant: Tenant, request: object): void {
    const { pack } = tenant;
    if (pack === undefined) return;
    if (tenant.active === 0) this.#flushOf(tenant);
    else if (pack.requests.has(request)) {
      pack.stopTimer ??= this.#options.after(this.#options.maxWaitMs, () => {
        if (tenant.pack === pack) this.#flushOf(tenant);
      });
    }
  }

  /** A request was given up: a pack that was its alone is dropped unwritten. */
  #leave(tenant: Tenant, request: object): void {
    const { pack } = tenant;
    pack?.requests.delete(request);
    if (pack !== undefined && pack.requests.size === 0) {
      tenant.pack = undefined;
      pack.stopTimer?.();
      this.#budget.release(pack.heldBytes);
    } else if (tenant.active === 0) this.#flushOf(tenant);
  }

  #flushAll(): void {
    for (const tenant of this.#tenants.values()) this.#flushOf(tenant);
  }

  #flushOf(tenant: Tenant): void {
    const { pack } = tenant;
    tenant.pack = undefined;
    if (pack !== undefined) this.#flush(pack);
  }

  #flush(pack: OpenPack): void {
    const flushed = pack
      .flush((sealed) => this.#writes.write(sealed))
      .finally(() => {
        this.#flushing.delete(flushed);
        this.#budget.release(pack.heldBytes);
      });
    this.#flushing.add(flushed);
  }
}

function frameOf(pack: SealedPack | undefined, frame: number): FrameLocation {
  const location = pack?.frames[frame];
  assert(location !== undefined, 'a sealed pack lists every frame that was added');
  return location;
}

function startTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
