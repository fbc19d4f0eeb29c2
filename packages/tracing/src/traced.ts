import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span, SpanAttributes, SpanKind } from './span.ts';
import { installedTracer } from './tracer.ts';

const current = new AsyncLocalStorage<Span | undefined>();

/** What a span is called and says from its beginning. */
type About = { readonly name: string; readonly kind: SpanKind; readonly attributes: SpanAttributes };

/** The step that is being done. */
export function currentSpan(): Span | undefined {
  return installedTracer() === undefined ? undefined : current.getStore();
}

/** The header for what is sent on behalf of the current step. */
export function currentTraceparent(): string | undefined {
  return currentSpan()?.traceparent;
}

/** Does `work`, and all that follows from it, as a step of no trace. */
export function outsideTraces<T>(work: () => T): T {
  return current.run(undefined, work);
}

/** A span that the caller ends itself; `run` does work as part of it. For what outlasts one function, as an answer that is streamed. */
export function startRoot(about: About, parent?: string): { readonly span: Span; run<T>(work: () => T): T } | undefined {
  const span = installedTracer()?.start({ ...about, parent });
  return span && { span, run: (work) => current.run(span, work) };
}

/**
 * Does `work` as a step of the current one, and only of one: what runs by itself, as a poll of the outbox, makes no traces.
 * `work` is called at once, before this function returns; what it throws marks the step as failed and goes on.
 */
export function traced<T>(about: About, work: () => Promise<T>): Promise<T> {
  const parent = currentSpan();
  return parent === undefined ? work() : tracedRoot(about, parent.traceparent, work);
}

/** Does `work` as a step of `parent`, which may be elsewhere, or as the first of a trace. */
export async function tracedRoot<T>(about: About, parent: string | undefined, work: () => Promise<T>): Promise<T> {
  const root = startRoot(about, parent);
  if (root === undefined) return work();
  try {
    return await root.run(work);
  } catch (error) {
    root.span.fail(nameOf(error));
    throw error;
  } finally {
    root.span.end();
  }
}

/** Never the message, which may quote what people wrote. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
