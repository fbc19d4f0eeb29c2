import { SpanStatusCode, TraceFlags, type Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';

/** What is known of a trace that the sampler would not keep, while steps of it are under way in this process. */
type Held = { open: number; failed: boolean; readonly ended: ReadableSpan[] };

type Limits = { readonly mostTraces?: number; readonly mostSpans?: number };

/**
 * Keeps the traces that fail. Sampled spans go on at once. Of any other trace the spans are held until none of it is open in
 * this process; if one of them failed all go on, marked as sampled, otherwise none. Beyond `mostSpans` of a trace only as many again
 * that failed are held, and beyond `mostTraces` the oldest trace is let go: what is held has a maximum.
 */
export class KeepErrors implements SpanProcessor {
  readonly #next: SpanProcessor;
  readonly #mostTraces: number;
  readonly #mostSpans: number;
  readonly #held = new Map<string, Held>();

  constructor(next: SpanProcessor, { mostTraces = 1_000, mostSpans = 200 }: Limits = {}) {
    this.#next = next;
    this.#mostTraces = mostTraces;
    this.#mostSpans = mostSpans;
  }

  onStart(span: Span, parentContext: Context): void {
    const { traceId, traceFlags } = span.spanContext();
    if (isSampled(traceFlags)) return this.#next.onStart(span, parentContext);
    const held = this.#held.get(traceId);
    if (held !== undefined) {
      held.open += 1;
      return;
    }
    if (this.#held.size >= this.#mostTraces) this.#held.delete(this.#held.keys().next().value ?? '');
    this.#held.set(traceId, { open: 1, failed: false, ended: [] });
  }

  onEnd(span: ReadableSpan): void {
    const { traceId, traceFlags } = span.spanContext();
    if (isSampled(traceFlags)) return this.#next.onEnd(span);
    const held = this.#held.get(traceId);
    if (held === undefined) return;
    const failed = span.status.code === SpanStatusCode.ERROR;
    held.failed ||= failed;
    if (held.ended.length < this.#mostSpans * (failed ? 2 : 1)) held.ended.push(span);
    held.open -= 1;
    if (held.open > 0) return;
    this.#held.delete(traceId);
    if (held.failed) for (const one of held.ended) this.#next.onEnd(asSampled(one));
  }

  forceFlush(): Promise<void> {
    return this.#next.forceFlush();
  }

  shutdown(): Promise<void> {
    this.#held.clear();
    return this.#next.shutdown();
  }
}

function isSampled(flags: TraceFlags): boolean {
  return (flags & TraceFlags.SAMPLED) !== 0;
}

/** The same span under the flag without which nothing is sent. */
function asSampled(span: ReadableSpan): ReadableSpan {
  const context = { ...span.spanContext(), traceFlags: TraceFlags.SAMPLED };
  return Object.create(span, { spanContext: { value: () => context } }) as ReadableSpan;
}
