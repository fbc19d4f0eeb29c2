import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Identity } from './authenticator.ts';
import type { CompiledRoute } from './compile-route.ts';
import type { Deadline } from './deadline.ts';
import type { FullLimits } from './limits.ts';
import type { Logger } from './logger.ts';
import type { Incoming } from './message.ts';
import { limitStream } from './read-body.ts';
import type { Input } from './read-request.ts';
import type { Actor, RouteRequest } from './route-request.ts';

type Parts = {
  readonly compiled: CompiledRoute;
  readonly incoming: Incoming;
  readonly input: Input;
  readonly identity: Identity;
  readonly tenantId: TenantId | undefined;
  readonly address: string;
  readonly requestId: string;
  readonly log: Logger;
  readonly deadline: Deadline;
  readonly limits: FullLimits;
  /** Told of each piece of a streamed body. */
  readonly received: (bytes: number) => void;
};

/** One request, as handlers see it. What most handlers never ask for (signal, log, stream) is made when asked for. */
export class RequestState {
  readonly #parts: Parts;
  #log: Logger | undefined;
  #abort: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #streamed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get params(): unknown {
    return this.#parts.input.params;
  }
  get query(): unknown {
    return this.#parts.input.query;
  }
  get body(): unknown {
    return this.#parts.input.body;
  }
  get frames(): boolean {
    return this.#parts.input.frames;
  }
  get caller(): string {
    return this.#parts.identity.caller;
  }
  get link(): Identity['link'] {
    return this.#parts.identity.link;
  }
  get head(): boolean {
    return this.#parts.incoming.method === 'HEAD';
  }
  get headers(): Incoming['headers'] {
    return this.#parts.incoming.headers;
  }
  get address(): string {
    return this.#parts.address;
  }
  get requestId(): string {
    return this.#parts.requestId;
  }
  get deadline(): Deadline {
    return this.#parts.deadline;
  }

  get tenantId(): TenantId {
    const { tenantId } = this.#parts;
    if (tenantId === undefined) throw new Problem('not_found', 'There is no tenant of this name here');
    return tenantId;
  }

  get actor(): Actor {
    const { actor } = this.#parts.identity;
    if (actor === undefined) throw new Problem('permission_denied', 'This call acts for no user');
    return actor;
  }

  get log(): Logger {
    this.#log ??= this.#parts.log.child({
      requestId: this.requestId,
      tenantId: this.#parts.tenantId,
      userId: this.#parts.identity.actor?.userId,
    });
    return this.#log;
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = new AbortController();
      this.#abort = abort;
      this.#parts.incoming.onGone(() => abort.abort(new Problem('unavailable', 'The client has left')));
      const late = (): void => abort.abort(new Problem('unavailable', 'It took longer than its deadline'));
      this.#timer = setTimeout(late, Math.min(this.deadline.remainingMs(), 2 ** 31 - 1)).unref();
    }
    return this.#abort.signal;
  }

  stream(): AsyncIterable<Uint8Array> {
    if (this.#streamed) throw new Error('a body can be read once');
    this.#streamed = true;
    const { compiled, incoming, limits, deadline, received } = this.#parts;
    return limitStream(incoming.body(), { maxBytes: compiled.maxBodyBytes, idleMs: limits.bodyIdleMs, deadline, received });
  }

  /** To be called once the answer has left: nothing waits for the deadline any longer. */
  finish(): void {
    clearTimeout(this.#timer);
  }

  /** The same object under the type that handlers know. */
  asRequest(): RouteRequest {
    return this as unknown as RouteRequest;
  }
}
