import { setTimeout as delay } from 'node:timers/promises';
import { piecesOf } from '@driftbox/api-client';
import type { Transport } from '@driftbox/api-client';

/** Bytes per second; `undefined` for as fast as it goes. */
export type Limits = { readonly upPerSecond?: number | undefined; readonly downPerSecond?: number | undefined };

/** Bytes that pass at once. */
const sliceBytes = 16 * 1024;
/** Seconds of the rate that may gather while nothing is sent. */
const burstSeconds = 0.25;

/** The same transport, with all requests together within the limits. Heads and the system's own framing are not counted. */
export function limitTransport(transport: Transport, { upPerSecond, downPerSecond }: Limits): Transport {
  const up = upPerSecond === undefined ? undefined : new TokenBucket(upPerSecond);
  const down = downPerSecond === undefined ? undefined : new TokenBucket(downPerSecond);
  return async (request) => {
    const { body } = request;
    const limited = up === undefined || body === undefined ? request : { ...request, body: () => paced(piecesOf(body), up) };
    const answer = await transport(limited);
    return down === undefined ? answer : { ...answer, body: paced(answer.body, down) };
  };
}

async function* paced(pieces: AsyncIterable<Uint8Array>, bucket: TokenBucket): AsyncGenerator<Uint8Array, void> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += sliceBytes) {
      const slice = piece.subarray(at, at + sliceBytes);
      await bucket.take(slice.length);
      yield slice;
    }
  }
}

/** Gives out a rate: what is taken beyond it waits, in the order of asking. Times are milliseconds. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #now: () => number;
  readonly #wait: (ms: number) => Promise<unknown>;
  #tokens: number;
  #filledMs: number;

  constructor(perSecond: number, now: () => number = () => performance.now(), wait: (ms: number) => Promise<unknown> = (ms) => delay(ms)) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#wait = wait;
    this.#tokens = perSecond * burstSeconds;
    this.#filledMs = now();
  }

  /** Resolves when so many bytes may pass. They are owed at once, so that whoever asks next waits longer. */
  async take(bytes: number): Promise<void> {
    const nowMs = this.#now();
    const most = this.#perSecond * burstSeconds;
    this.#tokens = Math.min(most, this.#tokens + ((nowMs - this.#filledMs) / 1000) * this.#perSecond) - bytes;
    this.#filledMs = nowMs;
    if (this.#tokens < 0) await this.#wait((-this.#tokens / this.#perSecond) * 1000);
  }
}
