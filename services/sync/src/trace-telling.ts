import { parseTraceparent, startRoot } from '@driftbox/tracing';

/**
 * Tells sockets something as a step of `sentBy`, however many they are. `tell` is given what to send along, so that a client that
 * traces goes on with it; of a trace that is not kept a client need not know.
 */
export function tracedTelling(message: string, sentBy: string | undefined, tell: (along: { readonly traceparent?: string }) => void): void {
  const attributes = {
    'messaging.system': 'socket.io',
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.destination.name': message,
  };
  const step = sentBy === undefined ? undefined : startRoot({ name: `send ${message}`, kind: 'producer', attributes }, sentBy);
  if (step === undefined) return tell({});
  const { traceparent } = step.span;
  step.run(() => tell(parseTraceparent(traceparent)?.sampled === true ? { traceparent } : {}));
  step.span.end();
}
