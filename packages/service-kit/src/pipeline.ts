import type { TenantId } from '@driftbox/domain';
import { isFailure, Problem } from '@driftbox/protocol';
import { isTracing, onBehalfOf, startRoot, type Span } from '@driftbox/tracing';
import type { Authenticator, Identity } from './authenticator.ts';
import type { CompiledRoute } from './compile-route.ts';
import { deadlineOf } from './deadline.ts';
import { finishStream } from './finish-stream.ts';
import type { FullLimits } from './limits.ts';
import type { Logger } from './logger.ts';
import type { Incoming, Outgoing } from './message.ts';
import type { RequestMetrics } from './metrics.ts';
import { addressKey, type RateLimit } from './rate-limit.ts';
import { readInput } from './read-request.ts';
import { isByteStream } from './reply.ts';
import { requestIdOf } from './request-id.ts';
import { RequestState } from './request-state.ts';
import type { PathValues } from './routing.ts';
import { answerOf, checkAnswer, problemAnswer } from './write-answer.ts';

type MaybePromise<T> = T | Promise<T>;

/** What a pipeline needs. */
export type PipelineParts = {
  readonly authenticator: Authenticator;
  readonly tenantOfHost: ((host: string) => MaybePromise<TenantId | undefined>) | undefined;
  readonly protocolVersions: readonly number[];
  readonly toProblem: ((error: unknown) => Problem | undefined) | undefined;
  readonly checkAnswers: boolean;
  readonly perUser: RateLimit | undefined;
  readonly perAddress: RateLimit | undefined;
  readonly limits: FullLimits;
  readonly log: Logger;
  readonly metrics: RequestMetrics;
  /** Whose pipeline it is, for traces. */
  readonly service: string;
};

/** What is known of a request so far, for its log line. */
type Trace = {
  readonly requestId: string;
  readonly startedMs: number;
  route: string;
  tenantId: TenantId | undefined;
  userId: string | undefined;
  state: RequestState | undefined;
  span: Span | undefined;
};

/** Answers requests, from whichever door: the one path that every route takes. Never throws. */
export class Pipeline {
  readonly #parts: PipelineParts;
  readonly #requestLog: Logger;
  #inFlight = 0;
  #idle: (() => void) | undefined;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    // Its fields are stated below and none is a secret: looking for secrets would cost more than the line.
    this.#requestLog = parts.log.child({}, { redact: [] });
  }

  /** Requests whose answers have not wholly left. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Resolves once nothing is in flight, or after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Answers by the route that was found. */
  async answer(compiled: CompiledRoute, values: PathValues, incoming: Incoming): Promise<Outgoing> {
    const outgoing = await this.#follow(incoming, (trace) => this.#serve(compiled, values, incoming, trace));
    Object.assign(outgoing.headers, compiled.route.answerHeaders);
    return outgoing;
  }

  /** Answers what no route matches. */
  refuse(incoming: Incoming): Promise<Outgoing> {
    return this.#follow(incoming, () => Promise.reject(new Problem('not_found', 'There is no such route')));
  }

  async #follow(incoming: Incoming, serve: (trace: Trace) => Promise<Outgoing>): Promise<Outgoing> {
    const trace: Trace = {
      requestId: requestIdOf(incoming.headers['x-request-id']),
      startedMs: performance.now(),
      route: 'unknown',
      tenantId: undefined,
      userId: undefined,
      state: undefined,
      span: undefined,
    };
    const root = this.#startSpan(incoming);
    trace.span = root?.span;
    this.#inFlight += 1;
    this.#parts.metrics.started();
    let outgoing: Outgoing;
    let cause: unknown;
    try {
      const work = (): Promise<Outgoing> => onBehalfOf(trace.requestId, () => serve(trace));
      outgoing = await (root === undefined ? work() : root.run(work));
    } catch (error) {
      cause = error;
      const problem = this.#problemOf(error);
      this.#parts.metrics.refused(problem.code);
      outgoing = problemAnswer(problem, trace.requestId);
    }
    outgoing.headers['x-request-id'] = trace.requestId;
    const { body } = outgoing;
    if (isByteStream(body)) {
      const finish = (error: unknown): void => {
        // It has begun and cannot be answered as a problem any more: it breaks off, and counts all the same.
        if (error instanceof Problem) this.#parts.metrics.refused(error.code);
        this.#finish(trace, outgoing.status, error);
      };
      return { ...outgoing, body: finishStream(body, finish, (bytes) => this.#parts.metrics.moved('sent', bytes, trace.tenantId)) };
    }
    this.#finish(trace, outgoing.status, cause);
    return outgoing;
  }

  #startSpan({ method, headers }: Incoming): ReturnType<typeof startRoot> {
    if (!isTracing()) return undefined;
    const attributes = { 'http.request.method': method, 'driftbox.service': this.#parts.service };
    return startRoot({ name: method, kind: 'server', attributes }, headers['traceparent']);
  }

  async #serve(compiled: CompiledRoute, values: PathValues, incoming: Incoming, trace: Trace): Promise<Outgoing> {
    const { limits, log, authenticator, tenantOfHost } = this.#parts;
    const { headers } = incoming;
    trace.route = compiled.name;
    trace.span?.rename(`${compiled.route.method} ${compiled.route.path}`);
    trace.span?.set({ 'http.route': compiled.route.path });
    this.#checkProtocol(headers['driftbox-protocol']);
    const deadline = deadlineOf(headers['driftbox-deadline-ms'], compiled.defaultDeadlineMs, compiled.maximumDeadlineMs);
    const address = clientAddress(incoming, limits.trustedProxies);
    const host = compiled.internal || compiled.route.anyTenant === true || tenantOfHost === undefined ? undefined : headers.host;
    const hostTenantId = host === undefined ? undefined : await tenantOfHost?.(hostName(host));
    const { auth } = compiled.route;
    if (auth === 'none') await this.#parts.perAddress?.(addressKey(address));
    const identity = await authenticator.authenticate(auth, { authorization: headers.authorization, hostTenantId, address });
    trace.userId = identity.actor?.userId;
    trace.tenantId = identity.tenantId ?? hostTenantId;
    await this.#admit(compiled, identity);
    const input = await readInput(compiled, values, incoming, limits, deadline);
    if (auth === 'admin') trace.tenantId = (input.params as { tenant?: TenantId } | undefined)?.tenant ?? trace.tenantId;
    const state = new RequestState({
      compiled,
      incoming,
      input,
      identity,
      tenantId: trace.tenantId,
      address,
      requestId: trace.requestId,
      log,
      deadline,
      limits,
      received: (bytes) => this.#parts.metrics.moved('received', bytes, trace.tenantId),
    });
    trace.state = state;
    const given = await compiled.handler(state.asRequest());
    if (this.#parts.checkAnswers) checkAnswer(compiled, given);
    return answerOf(compiled, given);
  }

  #checkProtocol(header: string | undefined): void {
    const { protocolVersions } = this.#parts;
    if (header !== undefined && !protocolVersions.includes(Number(header))) {
      throw new Problem('invalid_argument', `This server does not speak protocol ${header.slice(0, 20)}`, {
        details: { protocolVersions },
      });
    }
  }

  async #admit(compiled: CompiledRoute, { actor, caller }: Identity): Promise<void> {
    if (actor === undefined || caller !== 'user') return;
    if (actor.scope === 'read' && !compiled.readOnly) throw new Problem('permission_denied', 'This token may only read');
    await this.#parts.perUser?.(actor.userId);
  }

  #problemOf(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return this.#parts.toProblem?.(error) ?? new Problem('internal', undefined, { cause: error });
  }

  #finish(trace: Trace, status: number, cause: unknown): void {
    const { log, metrics } = this.#parts;
    trace.state?.finish();
    const ms = performance.now() - trace.startedMs;
    // What breaks off by a failure is one, whatever was promised when it began.
    const brokeOff = cause instanceof Problem && isFailure(cause.status);
    metrics.ended(trace.route, brokeOff ? cause.status : status, ms / 1000, trace.tenantId);
    endSpan(trace.span, status, cause, trace.tenantId);
    const line = {
      route: trace.route,
      status,
      ms: Math.round(ms * 100) / 100,
      tenantId: trace.tenantId,
      userId: trace.userId,
      requestId: trace.requestId,
      ...(trace.span === undefined ? {} : { trace_id: trace.span.traceId }),
    };
    if (isFailure(status)) log.error({ ...line, err: cause }, 'request failed');
    else if (brokeOff) log.error({ ...line, err: cause }, 'answer cut short');
    else if (cause !== undefined && !(cause instanceof Problem)) log.warn({ ...line, err: cause }, 'answer cut short');
    else this.#requestLog.info(line, 'request');
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#idle?.();
  }
}

/** A refusal is an answer; what failed is what the server did not manage, or an answer that broke off. */
function endSpan(span: Span | undefined, status: number, cause: unknown, tenantId: TenantId | undefined): void {
  if (span === undefined) return;
  span.set({ 'http.response.status_code': status, 'driftbox.tenant.id': tenantId });
  if (isFailure(status)) span.fail(cause instanceof Problem ? cause.code : String(status));
  else if (cause !== undefined && !(cause instanceof Problem && !isFailure(cause.status))) span.fail('answer_cut_short');
  span.end();
}

function hostName(header: string): string {
  return header.replace(/:[0-9]+$/, '').toLowerCase();
}

function clientAddress({ headers, address }: Incoming, trustedProxies: number): string {
  if (trustedProxies === 0) return address;
  const hops = headers['x-forwarded-for']?.split(',').map((hop) => hop.trim()) ?? [];
  return hops.at(-trustedProxies) ?? address;
}
