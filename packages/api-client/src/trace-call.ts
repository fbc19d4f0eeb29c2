import { isFailure, type Route } from '@driftbox/protocol';
import { currentSpan, currentTraceparent, traced } from '@driftbox/tracing';
import type { TransportAnswer } from './transport.ts';

/**
 * Sends a request as a step of the current one; `send` is given the headers by which the other side goes on from there. No answer,
 * or one that is a failure, is an error of who asked too, so that both keep their part of the trace; a refusal is an answer.
 */
export function tracedCall(
  { service, method, path }: Route,
  send: (headers: Readonly<Record<string, string>>) => Promise<TransportAnswer>,
): Promise<TransportAnswer> {
  const attributes = { 'http.request.method': method, 'url.template': path, 'peer.service': service };
  return traced({ name: `${method} ${path}`, kind: 'client', attributes }, async () => {
    const traceparent = currentTraceparent();
    const answer = await send(traceparent === undefined ? {} : { traceparent });
    const span = currentSpan();
    span?.set({ 'http.response.status_code': answer.status });
    if (isFailure(answer.status)) span?.fail(String(answer.status));
    return answer;
  });
}
