import { problemDetails, type Problem } from '@driftbox/protocol';
import type { CompiledRoute } from './compile-route.ts';
import type { Outgoing } from './message.ts';
import { isByteStream, jsonHeaders, Reply } from './reply.ts';

function json(status: number, value: unknown, headers?: Readonly<Record<string, string>>): Outgoing {
  return { status, headers: { ...jsonHeaders, ...headers }, body: JSON.stringify(value) };
}

/** What a handler gave back, as an answer of its route. */
export function answerOf(compiled: CompiledRoute, given: unknown): Outgoing {
  if (!(given instanceof Reply)) {
    if (given !== undefined) return json(compiled.status, given);
    return { status: compiled.status === 200 ? 204 : compiled.status, headers: {}, body: undefined };
  }
  const status = given.status ?? compiled.status;
  const { body } = given;
  if (body === undefined) return { status, headers: { ...given.headers }, body };
  if (body instanceof Uint8Array || isByteStream(body))
    return { status, headers: { 'x-content-type-options': 'nosniff', ...given.headers }, body };
  return json(status, body, given.headers);
}

/** Throws when an answer is not what its route promises: a defect of the handler. For tests and development. */
export function checkAnswer(compiled: CompiledRoute, given: unknown): void {
  const value = given instanceof Reply ? given.body : given;
  if (compiled.answerSchema === undefined) {
    if (compiled.route.answer === undefined && value !== undefined) throw new Error(`${compiled.name} promises no answer`);
    return;
  }
  if (given instanceof Reply && (given.status ?? 200) === 304) return;
  const text = value instanceof Uint8Array ? Buffer.from(value).toString() : JSON.stringify(value ?? null);
  const outcome = compiled.answerSchema.safeParse(JSON.parse(text));
  if (!outcome.success)
    throw new Error(`${compiled.name} answered what it does not promise: ${JSON.stringify(outcome.error.issues.slice(0, 5))}`);
}

/** A problem as RFC 9457 has it on the wire. */
export function problemAnswer(problem: Problem, requestId: string): Outgoing {
  const headers: Record<string, string> = { ...jsonHeaders, 'content-type': 'application/problem+json; charset=utf-8' };
  const waits = problem.code === 'rate_limited' || problem.code === 'unavailable';
  if (problem.retryAfterSeconds !== undefined || waits) headers['retry-after'] = String(Math.ceil(problem.retryAfterSeconds ?? 1));
  if (problem.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer realm="driftbox"';
  return { status: problem.status, headers, body: JSON.stringify(problemDetails(problem, requestId)) };
}
