import type { TenantId } from '@driftbox/domain';
import type { Head } from '@driftbox/protocol';
import { currentTraceparent } from '@driftbox/tracing';
import { driveKey, type HeadMap } from './head-map.ts';
import type { Members } from './members.ts';
import { tracedTelling } from './trace-telling.ts';

type News = { readonly tenantId: TenantId; readonly head: Head; readonly sentBy: string | undefined };
type Parts = {
  readonly heads: HeadMap;
  readonly members: Members;
  /** After each round the process does other things for this many times as long as the round took; default 4. */
  readonly restFactor?: number;
  /** The longest rest; default 100 ms. */
  readonly maxRestMs?: number;
};

/** A rest shorter than this is none: timers are not that fine. */
const leastRestMs = 1;

/**
 * Tells everybody who listens that drives have moved on, in rounds: a drive that moves on many times between two rounds is
 * told once, at its newest. A round begins as soon as there is news, unless the last one was so long that telling would
 * take more than its share of the process; so a lone commit is told at once, and a busy drive with many listeners is
 * told less often, never later than a round's rest.
 */
export class Teller {
  readonly #parts: Parts;
  readonly #news = new Map<string, News>();
  #round: NodeJS.Immediate | undefined;
  #rest: NodeJS.Timeout | undefined;
  #restUntilMs = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Takes a head from wherever; true when it was news that somebody listens for. */
  tell(tenantId: TenantId, head: Head): boolean {
    if (!this.#parts.heads.accept(tenantId, head)) return false;
    this.#news.set(driveKey(tenantId, head.drive), { tenantId, head, sentBy: currentTraceparent() });
    this.#schedule();
    return true;
  }

  /** Drives with news that is still to be told. */
  get waiting(): number {
    return this.#news.size;
  }

  close(): void {
    clearImmediate(this.#round);
    clearTimeout(this.#rest);
    this.#news.clear();
  }

  #schedule(): void {
    if (this.#round !== undefined || this.#rest !== undefined) return;
    const restMs = this.#restUntilMs - performance.now();
    if (restMs < leastRestMs) this.#round = setImmediate(() => this.#tellAll());
    else this.#rest = setTimeout(() => this.#tellAll(), restMs);
  }

  #tellAll(): void {
    this.#round = undefined;
    this.#rest = undefined;
    const startMs = performance.now();
    for (const news of this.#news.values()) this.#tellOf(news);
    this.#news.clear();
    const endMs = performance.now();
    const { restFactor = 4, maxRestMs = 100 } = this.#parts;
    this.#restUntilMs = endMs + Math.min(maxRestMs, (endMs - startMs) * restFactor);
  }

  #tellOf({ tenantId, head, sentBy }: News): void {
    tracedTelling('hint', sentBy, (along) => {
      const told = { ...head, ...along };
      for (const member of this.#parts.members.ofDrive(tenantId, head.drive)) for (const listener of member.listeners) listener.offer(told);
    });
  }
}
