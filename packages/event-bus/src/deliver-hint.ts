import { startRoot } from '@driftbox/tracing';
import type { Hint } from './hint-bus.ts';

/** A hint as it travels, and the step that sent it, in the form of the header `traceparent`. */
export type SentHint = { readonly hint: Hint; readonly sentBy?: string | undefined };

const about = { name: 'hear hint', kind: 'consumer', attributes: { 'messaging.operation.type': 'process' } } as const;

/** Tells listeners of a hint, as a step of what sent it. What one throws concerns neither the others nor the sender. */
export function deliverHint(
  listeners: Iterable<(hint: Hint) => void>,
  { hint, sentBy }: SentHint,
  onError: (error: unknown) => void,
): void {
  const step = sentBy === undefined ? undefined : startRoot(about, sentBy);
  const tell = (): void => {
    for (const listener of listeners) {
      try {
        listener(hint);
      } catch (error) {
        step?.span.fail('listener');
        onError(error);
      }
    }
  };
  if (step === undefined) return tell();
  step.run(tell);
  step.span.end();
}
