import { startRoot } from '@driftbox/tracing';

/** Takes what a socket heard as a step of what sent it, where the server says what that was and this process traces. */
export function tracedHearing(message: string, sentBy: string | undefined, take: () => void): void {
  const attributes = {
    'messaging.system': 'socket.io',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': message,
  };
  const step = sentBy === undefined ? undefined : startRoot({ name: `process ${message}`, kind: 'consumer', attributes }, sentBy);
  if (step === undefined) return take();
  step.run(take);
  step.span.end();
}
