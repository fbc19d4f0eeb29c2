import type { ChunkRef } from '@driftbox/domain';
import type { Batch } from './batch.ts';
import type { BatchSender, Outgoing } from './batch-sender.ts';

/** Bytes of one file that wait for its operation, to travel with it; more are sent ahead. */
export const ownBytes = 4 * 2 ** 20;

/** The bytes of one file on their way: kept for its operation while they are few, sent ahead once they are not. */
export class Parcel {
  readonly needs = new Set<Batch>();
  readonly #sender: BatchSender;
  #own: Outgoing[] = [];
  #bytes = 0;
  #ahead = false;

  constructor(sender: BatchSender) {
    this.#sender = sender;
  }

  get own(): readonly Outgoing[] {
    return this.#own;
  }

  async add(outgoing: Outgoing): Promise<void> {
    this.#own.push(outgoing);
    this.#bytes += outgoing.bytes.length;
    this.#ahead ||= this.#bytes > ownBytes;
    if (!this.#ahead) return;
    for (const one of this.#own.splice(0)) this.needs.add(await this.#sender.upload(one));
  }

  /** Chunks that another file of this run has brought must have arrived too. */
  needCarriers(chunks: readonly ChunkRef[]): void {
    for (const { digest } of chunks) {
      const carrier = this.#sender.carrierOf(digest);
      if (carrier !== undefined) this.needs.add(carrier);
    }
  }
}
