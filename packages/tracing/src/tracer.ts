import type { Span, SpanAttributes, SpanKind } from './span.ts';

/** A span to be. */
export type SpanStart = {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: SpanAttributes;
  /** The step that it belongs to, here or elsewhere, as a header has it; what is none begins a trace. */
  readonly parent: string | undefined;
};

/** What makes spans of what it is told. `start` never throws and never waits. */
export type Tracer = { start(span: SpanStart): Span };

let installed: Tracer | undefined;

/** From now on this process traces, or with `undefined` no longer. */
export function installTracer(tracer: Tracer | undefined): void {
  installed = tracer;
}

/** The tracer, where there is one. */
export function installedTracer(): Tracer | undefined {
  return installed;
}

/** False in a process without a tracer: a place that is passed often asks first. */
export function isTracing(): boolean {
  return installed !== undefined;
}
