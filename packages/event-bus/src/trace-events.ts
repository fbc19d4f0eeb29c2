import { currentTraceparent, isTracing, tracedRoot } from '@driftbox/tracing';
import type { CloudEvent } from './cloud-event.ts';

/** By whose means events travel. */
export type System = 'kafka' | 'memory';
type Handled = {
  readonly system: System;
  readonly topic: string;
  readonly event: CloudEvent;
  readonly sentBy?: string | undefined;
  readonly group: string;
  readonly attempt: number;
};

/** Handles an event as a step of the trace that it was sent in. */
export function tracedHandling({ system, topic, event, sentBy, group, attempt }: Handled, work: () => Promise<void>): Promise<void> {
  if (!isTracing()) return work();
  const attributes = {
    'messaging.system': system,
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': topic,
    'messaging.consumer.group.name': group,
    'messaging.message.id': event.id,
    'driftbox.tenant.id': event.tenant,
    'driftbox.attempt': attempt,
  };
  return tracedRoot({ name: `process ${topic}`, kind: 'consumer', attributes }, sentBy ?? event.traceparent, work);
}

/** Sends an event as a step of the trace in which it came true; `send` is given that step, for whoever hears it. */
export function tracedSending(
  system: System,
  topic: string,
  event: CloudEvent,
  send: (sentBy: string | undefined) => Promise<void>,
): Promise<void> {
  const parent = event.traceparent ?? currentTraceparent();
  if (!isTracing() || parent === undefined) return send(undefined);
  const attributes = {
    'messaging.system': system,
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.destination.name': topic,
    'messaging.message.id': event.id,
    'driftbox.tenant.id': event.tenant,
  };
  return tracedRoot({ name: `send ${topic}`, kind: 'producer', attributes }, parent, () => send(currentTraceparent()));
}
