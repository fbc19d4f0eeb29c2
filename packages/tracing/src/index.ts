export type { AttributeName, Span, SpanAttributes, SpanKind } from './span.ts';
export { currentRequestId, onBehalfOf } from './request-id.ts';
export { installTracer, isTracing, type SpanStart, type Tracer } from './tracer.ts';
export { currentSpan, currentTraceparent, outsideTraces, startRoot, traced, tracedRoot } from './traced.ts';
export { formatTraceparent, parseTraceparent, type Traceparent } from './traceparent.ts';
