import { ROOT_CONTEXT, SpanKind as Kind, SpanStatusCode, trace, TraceFlags, type Tracer as OtelTracer } from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent, type SpanKind, type Tracer } from '@driftbox/tracing';

const kinds: Readonly<Record<SpanKind, Kind>> = {
  internal: Kind.INTERNAL,
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
};

/** Spans of OpenTelemetry in place of what `@driftbox/tracing` asks for. */
export function createTracer(otel: OtelTracer): Tracer {
  return {
    start({ name, kind, attributes, parent }) {
      const above = parseTraceparent(parent);
      const context =
        above === undefined
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, {
              traceId: above.traceId,
              spanId: above.spanId,
              traceFlags: above.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
            });
      const span = otel.startSpan(name, { kind: kinds[kind], attributes: { ...attributes } }, context);
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceId,
        traceparent: formatTraceparent({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 }),
        set: (more) => void span.setAttributes({ ...more }),
        rename: (other) => void span.updateName(other),
        fail: (type) => void span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR }),
        end: () => span.end(),
      };
    },
  };
}
