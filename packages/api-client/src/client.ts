import { randomUUID } from 'node:crypto';
import { Problem, framesMediaType, protocolVersion } from '@driftbox/protocol';
import type { AnswerOf, Route, SentBody, SentParams, SentQuery } from '@driftbox/protocol';
import { currentRequestId } from '@driftbox/tracing';
import { buildPath } from './build-path.ts';
import { readJson } from './read-body.ts';
import { readProblem } from './read-problem.ts';
import { defaultRetryPolicy, retry } from './retry.ts';
import type { Attempt, RetryPolicy } from './retry.ts';
import { tracedCall } from './trace-call.ts';
import { isReplayable } from './transport.ts';
import type { RequestBody, Transport, TransportAnswer } from './transport.ts';

/** Gives the bearer token of a call. `refused` is a token that the server has just refused: the answer should be another one. */
export type TokenSource = (refused?: string) => Promise<string | undefined>;

/** How a client talks; each call may say otherwise. Without `token` calls carry none. */
export type ClientOptions = {
  readonly transport: Transport;
  /** The address that the transport leads to, for programs that people run: named where it gives no answer. */
  readonly server?: string;
  readonly token?: TokenSource;
  readonly retry?: Partial<RetryPolicy>;
  /** Ends every call of this client. */
  readonly signal?: AbortSignal;
};

type Needed<Name extends string, Value> = [Value] extends [undefined]
  ? { readonly [P in Name]?: undefined }
  : { readonly [P in Name]: Value };
type Optional<Name extends string, Value> = { readonly [P in Name]?: Value | undefined };

type Common = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly token?: TokenSource;
  /** Names this mutation to the server; by default a fresh one, kept over retries. */
  readonly idempotencyKey?: string;
  readonly retry?: Partial<RetryPolicy>;
  /** How long the server may take, in milliseconds; the server has a default of its own. */
  readonly deadlineMs?: number;
};

/** What one call of a JSON endpoint takes. */
export type CallOptions<R extends Route> = Common &
  Needed<'params', SentParams<R>> &
  Optional<'query', SentQuery<R>> &
  Needed<'body', SentBody<R>>;

/** What one call with bytes takes: `body` goes as it is, as frames unless a content type is given. JSON endpoints may be given `json`. */
export type StreamOptions<R extends Route> = Common &
  Needed<'params', SentParams<R>> &
  Optional<'query', SentQuery<R>> & { readonly body?: RequestBody; readonly json?: SentBody<R> };

/** An answer whose bytes are read by the caller, at its own pace. `json` reads all of it instead. */
export type StreamAnswer = TransportAnswer & { json(): Promise<unknown> };

/** The typed client of every endpoint. Everything it throws is a `Problem`, or the reason of an aborted signal. */
export type Client = {
  /** Sends JSON, answers validated JSON (`undefined` where the endpoint answers nothing). */
  call<R extends Route>(route: R, ...options: CallArguments<R>): Promise<AnswerOf<R>>;
  /** Sends bytes, answers bytes. A body that cannot be sent twice is never retried. */
  stream<R extends Route>(route: R, options: StreamOptions<R>): Promise<StreamAnswer>;
};

type CallArguments<R extends Route> = object extends CallOptions<R> ? [options?: CallOptions<R>] : [options: CallOptions<R>];

/** Most bytes of a JSON answer. */
const maxJsonBytes = 64 * 2 ** 20;

/** A client over a transport; every service's endpoints are reachable if the transport leads to a router or gateway. */
export function createClient(options: ClientOptions): Client {
  const call = async (route: Route, call: LooseOptions = {}): Promise<unknown> => {
    const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
    return perform(options, route, { ...call, body, contentType: 'application/json' }, async (answer) => {
      const json = await readJson(answer.body, maxJsonBytes);
      return route.answer !== undefined && 'safeParse' in route.answer ? route.answer.parse(json) : undefined;
    });
  };
  const stream = (route: Route, call: LooseOptions & { json?: unknown }): Promise<StreamAnswer> => {
    const body = call.json === undefined ? (call.body as RequestBody | undefined) : Buffer.from(JSON.stringify(call.json));
    const contentType = call.json === undefined ? framesMediaType : 'application/json';
    return perform(options, route, { ...call, body, contentType }, async (answer) => ({
      ...answer,
      json: () => readJson(answer.body, maxJsonBytes),
    }));
  };
  return { call: call as Client['call'], stream: stream };
}

type LooseOptions = Common & {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
};
type Prepared = Common & {
  readonly params?: LooseOptions['params'];
  readonly query?: LooseOptions['query'];
  readonly body: RequestBody | undefined;
  readonly contentType: string;
};

/**
 * Sends one call, again where that is allowed, and lets `read` make its value: within the attempt, so that a lost answer
 * counts as lost.
 */
async function perform<T>(options: ClientOptions, route: Route, call: Prepared, read: (answer: TransportAnswer) => Promise<T>): Promise<T> {
  const mutates = route.method !== 'GET' && route.method !== 'OPTIONS';
  const signals = [options.signal, call.signal].filter((signal) => signal !== undefined);
  const signal = signals.length === 0 ? undefined : AbortSignal.any(signals);
  const token = call.token ?? options.token;
  const path = buildPath(route, call.params, call.query);
  const headers: Record<string, string> = {
    'driftbox-protocol': String(protocolVersion),
    ...(call.body === undefined ? {} : { 'content-type': call.contentType }),
    // Endpoints that need no sign-in keep no answers by key either.
    ...(mutates && route.auth !== 'none' ? { 'idempotency-key': call.idempotencyKey ?? randomUUID() } : {}),
    ...(call.deadlineMs === undefined ? {} : { 'driftbox-deadline-ms': String(Math.ceil(call.deadlineMs)) }),
    ...ofRequest(),
    ...call.headers,
  };
  const replayable = isReplayable(call.body);
  const idempotent = !mutates || 'idempotency-key' in headers;
  let bearer = token === undefined || route.auth === 'none' ? undefined : await token();
  let renewed = false;

  const attempt = async (): Promise<Attempt<T>> => {
    let answer: TransportAnswer;
    try {
      const authorised = bearer === undefined ? headers : { ...headers, authorization: `Bearer ${bearer}` };
      answer = await tracedCall(route, (ofTrace) =>
        options.transport({
          method: route.method,
          path,
          headers: { ...authorised, ...ofTrace },
          body: call.body,
          ...(signal === undefined ? {} : { signal }),
        }),
      );
      // A range that cannot be is an answer about the content, not an error of the catalogue (RFC 9110 section 15.5.17).
      if (answer.status < 400 || answer.status === 416) return { ok: true, value: await read(answer) };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Problem) return { ok: false, problem: error, again: error.retryable && replayable };
      return { ok: false, problem: unreachable(error, options.server), again: isNetworkError(error) && idempotent && replayable };
    }
    const problem = await readProblem(answer);
    if (problem.code === 'unauthenticated' && bearer !== undefined && !renewed && replayable) {
      renewed = true;
      const other = await token?.(bearer);
      if (other !== undefined && other !== bearer) {
        bearer = other;
        return attempt();
      }
    }
    return { ok: false, problem, again: problem.retryable && replayable };
  };
  return retry(attempt, { ...defaultRetryPolicy, ...options.retry, ...call.retry }, signal);
}

/** So that what is logged of this call belongs to the request of who makes it. */
function ofRequest(): Record<string, string> {
  const requestId = currentRequestId();
  return requestId === undefined ? {} : { 'x-request-id': requestId };
}

/** Errors of sockets carry a code; anything else (an answer that does not parse, say) will not get better by asking again. */
function isNetworkError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return 'code' in error || ('message' in error && /nothing moved/.test(String(error.message)));
}

function unreachable(error: unknown, server = 'The server'): Problem {
  if (isNetworkError(error)) return new Problem('unavailable', `${server} cannot be reached, or the connection broke`, { cause: error });
  return new Problem('internal', `${server} answered what this client does not understand`, { cause: error });
}
