import { startRoot } from '@driftbox/tracing';
import type { Hint } from './hint-bus.ts';

/** A hint as it travels, and the step that sent it, in the form of the header `traceparent`. */
export type SentHint = { readonly hint: Hint; readonly sentBy?: string | undefined };

const process = { 'messaging.operation.name': 'process', 'messaging.operation.type': 'process', 'messaging.destination.name': 'hints' };

/** Whose hint it is to tell, and by what it came. */
type Delivery = {
  readonly system: 'redis' | 'memory';
  readonly listeners: Iterable<(hint: Hint) => void>;
  readonly onError: (error: unknown) => void;
};

/** Tells listeners of a hint, as a step of what sent it. What one throws concerns neither the others nor the sender. */
export function deliverHint({ hint, sentBy }: SentHint, { system, listeners, onError }: Delivery): void {
  const about = { name: 'hear hint', kind: 'consumer', attributes: { 'messaging.system': system, ...process } } as const;
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
