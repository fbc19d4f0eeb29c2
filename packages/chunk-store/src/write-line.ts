import type { PackStore } from './pack-store.ts';
import type { SealedPack } from './pack-writer.ts';

/** Writes packs to a store, so many at once; the others wait in order. Their number is bounded by the batcher's memory. */
export class WriteLine {
  readonly #store: PackStore;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(store: PackStore, maxWrites: number) {
    this.#store = store;
    this.#free = maxWrites;
  }

  /** Packs that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when the pack is durable; rejects with what the store says. */
  async write(pack: SealedPack): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      await this.#store.write(pack.id, pack.bytes);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
