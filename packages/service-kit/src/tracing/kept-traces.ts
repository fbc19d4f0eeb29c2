import type { RecordedSpan } from './recorded-span.ts';

/** What is known of a trace that is kept only if it fails, while steps of it are under way in this process. */
type Held = { open: number; failed: boolean; readonly ended: RecordedSpan[] };

/** The most traces that are held, and the most steps of each. */
export type KeptLimits = { readonly mostTraces?: number; readonly mostSpans?: number };

/**
 * Sends the traces that are kept, and those that fail. Spans of the former go at once. Of any other trace they are held until none
 * of it is open in this process; if one of them failed all go, otherwise none. Beyond `mostSpans` of a trace only as many again
 * that failed are held, and beyond `mostTraces` the oldest trace is let go: what is held has a maximum.
 */
export class KeptTraces {
  /** Whether a trace of this id is kept however it ends. */
  readonly keeps: (traceId: string) => boolean;
  readonly #send: (span: RecordedSpan) => void;
  readonly #mostTraces: number;
  readonly #mostSpans: number;
  readonly #held = new Map<string, Held>();

  constructor(
    keeps: (traceId: string) => boolean,
    send: (span: RecordedSpan) => void,
    { mostTraces = 1_000, mostSpans = 200 }: KeptLimits = {},
  ) {
    this.keeps = keeps;
    this.#send = send;
    this.#mostTraces = mostTraces;
    this.#mostSpans = mostSpans;
  }

  started({ traceId, kept }: RecordedSpan): void {
    if (kept) return;
    const held = this.#held.get(traceId);
    if (held !== undefined) {
      held.open += 1;
      return;
    }
    if (this.#held.size >= this.#mostTraces) this.#held.delete(this.#held.keys().next().value ?? '');
    this.#held.set(traceId, { open: 1, failed: false, ended: [] });
  }

  ended(span: RecordedSpan): void {
    if (span.kept) return this.#send(span);
    const held = this.#held.get(span.traceId);
    if (held === undefined) return;
    held.failed ||= span.failed;
    if (held.ended.length < this.#mostSpans * (span.failed ? 2 : 1)) held.ended.push(span);
    held.open -= 1;
    if (held.open > 0) return;
    this.#held.delete(span.traceId);
    if (held.failed) for (const one of held.ended) this.#send(one);
  }
}
