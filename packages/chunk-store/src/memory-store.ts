import { StoreError } from './store-error.ts';
import type { PackId } from './pack-id.ts';
import type { ByteRange, PackBytes, PackPage, PackStat, PackStore } from './pack-store.ts';

/** A store in memory, for tests and simulation. `capacityBytes` makes it fill up as a disk does. */
export class MemoryStore implements PackStore {
  readonly #packs = new Map<PackId, Uint8Array>();
  readonly #capacityBytes: number;
  #usedBytes = 0;

  constructor(capacityBytes: number = Infinity) {
    this.#capacityBytes = capacityBytes;
  }

  async write(id: PackId, bytes: PackBytes): Promise<void> {
    const whole = Buffer.concat(bytes);
    const held = this.#packs.get(id);
    if (held !== undefined) {
      if (whole.equals(held)) return;
      throw new StoreError('corrupt', `pack ${id} exists with other bytes`);
    }
    if (this.#usedBytes + whole.length > this.#capacityBytes) throw new StoreError('full', `no room for pack ${id}`);
    this.#usedBytes += whole.length;
    this.#packs.set(id, new Uint8Array(whole));
  }

  async read(id: PackId, range?: ByteRange): Promise<Uint8Array> {
    const whole = this.#held(id);
    return range === undefined ? whole.slice() : whole.slice(range.offset, range.offset + range.length);
  }

  async stat(id: PackId): Promise<PackStat> {
    return { id, sizeBytes: this.#held(id).length };
  }

  async list(page: { readonly after?: PackId | undefined; readonly limit: number }): Promise<PackPage> {
    const ids = [...this.#packs.keys()].filter((id) => page.after === undefined || id > page.after).sort();
    const packs = ids.slice(0, page.limit).map((id) => ({ id, sizeBytes: this.#held(id).length }));
    const last = packs.at(-1);
    return ids.length > packs.length && last !== undefined ? { packs, next: last.id } : { packs };
  }

  async delete(id: PackId): Promise<void> {
    this.#usedBytes -= this.#packs.get(id)?.length ?? 0;
    this.#packs.delete(id);
  }

  #held(id: PackId): Uint8Array {
    const held = this.#packs.get(id);
    if (held === undefined) throw new StoreError('not_found', `no pack ${id}`);
    return held;
  }
}
