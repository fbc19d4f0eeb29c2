import { describe, expect, test } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Span } from '@driftbox/tracing';
import { createTracer, GivenIds } from './create-tracer.ts';
import type { KeptLimits } from './kept-traces.ts';

function world(limits?: KeptLimits, ratio = 0) {
  const exporter = new InMemorySpanExporter();
  const ids = new GivenIds();
  const provider = new TracerProvider({ idGenerator: ids, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = createTracer({ otel: provider.getTracer('test'), ids }, ratio, limits);
  const open = (name: string, parent?: Span) =>
    tracer.start({ name, kind: 'internal', attributes: { 'driftbox.pool': name }, parent: parent?.traceparent });
  const kept = () => exporter.getFinishedSpans();
  return { kept, open, names: () => kept().map(({ name }) => name) };
}

describe('a trace that nobody asked to keep', () => {
  test('is let go when all went well', () => {
    const { open, names } = world();
    const root = open('root');
    open('child', root).end();
    root.end();
    expect(names()).toEqual([]);
  });

  test('is kept whole when a step of it failed, once it has ended', () => {
    const { kept, open, names } = world();
    const root = open('root');
    const child = open('child', root);
    child.fail('Error');
    child.end();
    expect(names()).toEqual([]);
    root.end();
    expect(names()).toEqual(['child', 'root']);
    const [first, second] = kept();
    expect(kept().map((span) => span.spanContext().traceFlags)).toEqual([1, 1]);
    expect(first?.parentSpanContext?.spanId).toBe(second?.spanContext().spanId);
    expect(kept().map((span) => span.spanContext().traceId)).toEqual([root.traceId, root.traceId]);
    expect(kept().map(({ status }) => status.code)).toEqual([SpanStatusCode.ERROR, SpanStatusCode.UNSET]);
  });

  test('does not keep its neighbour', () => {
    const { open, names } = world();
    const [good, bad] = [open('good'), open('bad')];
    bad.fail('Error');
    good.end();
    bad.end();
    expect(names()).toEqual(['bad']);
  });

  test('holds only so many steps, and of those that failed some more', () => {
    const { open, names } = world({ mostSpans: 2 });
    const root = open('root');
    for (const name of ['a', 'b', 'c']) open(name, root).end();
    const last = open('last', root);
    last.fail('Error');
    last.end();
    root.end();
    expect(names()).toEqual(['a', 'b', 'last']);
  });

  test('is forgotten, the oldest first, where too many are open', () => {
    const { open, names } = world({ mostTraces: 2 });
    const roots = ['first', 'second', 'third'].map((name) => open(name));
    for (const root of roots) {
      root.fail('Error');
      root.end();
    }
    expect(names()).toEqual(['second', 'third']);
  });
});

test('a span that is sent says what it was told, under the ids it went by and at its own times', () => {
  const { kept, open } = world(undefined, 1);
  const before = Date.now();
  const root = open('root');
  const child = open('child', root);
  child.set({ 'http.response.status_code': 204, 'driftbox.tenant.id': undefined });
  child.rename('other');
  child.end();
  child.end();
  expect(kept()).toHaveLength(1);
  const [sent] = kept();
  expect(sent).toMatchObject({ name: 'other', parentSpanContext: { traceId: root.traceId } });
  expect(sent?.attributes).toEqual({ 'driftbox.pool': 'child', 'http.response.status_code': 204 });
  const { traceId, spanId } = sent!.spanContext();
  expect(child.traceparent).toBe(`00-${traceId}-${spanId}-01`);
  const [startMs, endMs] = [sent!.startTime, sent!.endTime].map(([seconds, nanos]) => seconds * 1_000 + nanos / 1e6);
  expect(startMs).toBeGreaterThan(before - 1_000);
  expect(endMs).toBeGreaterThanOrEqual(startMs!);
  expect(endMs).toBeLessThan(Date.now() + 1_000);
});
