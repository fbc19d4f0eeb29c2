import { ROOT_CONTEXT, SpanKind as Kind, SpanStatusCode, trace, TraceFlags, type Tracer as OtelTracer } from '@opentelemetry/api';
import { RandomIdGenerator, SamplingDecision, TraceIdRatioBasedSampler, type IdGenerator } from '@opentelemetry/sdk-trace';
import { outsideTraces, parseTraceparent, type SpanKind, type Tracer } from '@driftbox/tracing';
import { KeptTraces, type KeptLimits } from './kept-traces.ts';
import { RecordedSpan } from './recorded-span.ts';

const kinds: Readonly<Record<SpanKind, Kind>> = {
  internal: Kind.INTERNAL,
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
};

/** Ids for spans of OpenTelemetry that are made only once they have ended: those they went by until then. */
export class GivenIds implements IdGenerator {
  readonly random = new RandomIdGenerator();
  #given = { traceId: '', spanId: '' };

  /** Those of the next span. */
  give(ids: { readonly traceId: string; readonly spanId: string }): void {
    this.#given = ids;
  }

  generateTraceId(): string {
    return this.#given.traceId;
  }

  generateSpanId(): string {
    return this.#given.spanId;
  }
}

function send(otel: OtelTracer, ids: GivenIds, { kind, name, attributes, parent, ...span }: RecordedSpan): void {
  const context =
    parent === undefined
      ? ROOT_CONTEXT
      : trace.setSpanContext(ROOT_CONTEXT, { traceId: parent.traceId, spanId: parent.spanId, traceFlags: TraceFlags.SAMPLED });
  ids.give(span);
  const sent = otel.startSpan(name, { kind: kinds[kind], attributes, startTime: span.startedMs }, context);
  if (span.failed) sent.setStatus({ code: SpanStatusCode.ERROR });
  // What the library then begins, as a timer to send by, is no part of the trace.
  outsideTraces(() => sent.end(span.endedMs));
}

/** Where finished spans go: a tracer that samples all it is told of and takes its ids from `ids`. */
export type SpanSink = { readonly otel: OtelTracer; readonly ids: GivenIds };

/** Notes spans, and makes spans of OpenTelemetry of those that are kept: `ratio` of all traces by their ids, and those that fail. */
export function createTracer({ otel, ids }: SpanSink, ratio: number, limits?: KeptLimits): Tracer {
  const sampler = new TraceIdRatioBasedSampler(ratio);
  const keeps = (traceId: string): boolean => sampler.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
  const traces = new KeptTraces(keeps, (span) => send(otel, ids, span), limits);
  return {
    start(span) {
      const parent = parseTraceparent(span.parent);
      const traceId = parent?.traceId ?? ids.random.generateTraceId();
      return new RecordedSpan(span, { traceId, spanId: ids.random.generateSpanId(), parent }, traces);
    },
  };
}
