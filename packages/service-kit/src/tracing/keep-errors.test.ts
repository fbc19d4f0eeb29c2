import { describe, expect, test } from '@jest/globals';
import { ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  createAlwaysRecordSampler,
  TracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { KeepErrors } from './keep-errors.ts';

function world(limits: ConstructorParameters<typeof KeepErrors>[1] = {}) {
  const kept: ReadableSpan[] = [];
  const next: SpanProcessor = {
    onStart: () => {},
    onEnd: (span) => void kept.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const sampler = createAlwaysRecordSampler(new AlwaysOffSampler());
  const tracer = new TracerProvider({ sampler, spanProcessors: [new KeepErrors(next, limits)] }).getTracer('test');
  const open = (name: string, parent?: ReturnType<typeof tracer.startSpan>) =>
    tracer.startSpan(name, {}, parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent));
  return { kept, open, names: () => kept.map(({ name }) => name) };
}
const failed = { code: SpanStatusCode.ERROR };

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
    child.setStatus(failed);
    child.end();
    expect(names()).toEqual([]);
    root.end();
    expect(names()).toEqual(['child', 'root']);
    expect(kept.map((span) => span.spanContext().traceFlags)).toEqual([1, 1]);
    expect(kept[0]?.parentSpanContext?.spanId).toBe(root.spanContext().spanId);
  });

  test('does not keep its neighbour', () => {
    const { open, names } = world();
    const [good, bad] = [open('good'), open('bad')];
    bad.setStatus(failed);
    good.end();
    bad.end();
    expect(names()).toEqual(['bad']);
  });

  test('holds only so many steps, and of those that failed some more', () => {
    const { open, names } = world({ mostSpans: 2 });
    const root = open('root');
    for (const name of ['a', 'b', 'c']) open(name, root).end();
    const last = open('last', root);
    last.setStatus(failed);
    last.end();
    root.end();
    expect(names()).toEqual(['a', 'b', 'last']);
  });

  test('is forgotten, the oldest first, where too many are open', () => {
    const { open, names } = world({ mostTraces: 2 });
    const roots = ['first', 'second', 'third'].map((name) => open(name));
    for (const root of roots) {
      root.setStatus(failed);
      root.end();
    }
    expect(names()).toEqual(['second', 'third']);
  });
});
