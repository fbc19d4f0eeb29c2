import { formatTraceparent, type Span, type SpanAttributes, type SpanStart, type Traceparent } from '@driftbox/tracing';
import type { KeptTraces } from './kept-traces.ts';

/** Which step it is, and of which one it is a step. */
type Place = { readonly traceId: string; readonly spanId: string; readonly parent: Traceparent | undefined };

/** A step as it is noted while it is done: most are forgotten when they end, so it is no more than what it was told. */
export class RecordedSpan implements Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: Traceparent | undefined;
  /** Whether its trace is kept however it ends. */
  readonly kept: boolean;
  readonly traceparent: string;
  readonly kind: SpanStart['kind'];
  readonly attributes: Record<string, string | number | undefined>;
  /** By the clock of `performance.now()`. */
  readonly startedMs = performance.now();
  endedMs: number | undefined;
  name: string;
  failed = false;
  readonly #traces: KeptTraces;

  constructor(start: SpanStart, { traceId, spanId, parent }: Place, traces: KeptTraces) {
    this.traceId = traceId;
    this.spanId = spanId;
    this.parent = parent;
    this.kept = traces.keeps(traceId);
    this.traceparent = formatTraceparent({ traceId, spanId, sampled: this.kept });
    this.name = start.name;
    this.kind = start.kind;
    this.attributes = { ...start.attributes };
    this.#traces = traces;
    traces.started(this);
  }

  set(attributes: SpanAttributes): void {
    Object.assign(this.attributes, attributes);
  }

  rename(name: string): void {
    this.name = name;
  }

  fail(type: string): void {
    this.failed = true;
    this.attributes['error.type'] = type;
  }

  end(): void {
    if (this.endedMs !== undefined) return;
    this.endedMs = performance.now();
    this.#traces.ended(this);
  }
}
