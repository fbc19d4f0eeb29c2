import type { DeviceId, SessionId, TenantId, UserId } from '@driftbox/domain';
import type { AccessClaims, AnswerOf, BodyOf, LinkClaims, ParamsOf, QueryOf, Route } from '@driftbox/protocol';
import type { Deadline } from './deadline.ts';
import type { Logger } from './logger.ts';
import type { Reply } from './reply.ts';

/** The signed-in user behind a request, as their token says. */
export type Actor = {
  readonly userId: UserId;
  readonly deviceId: DeviceId | undefined;
  readonly sessionId: SessionId;
  readonly role: AccessClaims['role'];
  /** `read` may call no route that changes anything. */
  readonly scope: AccessClaims['scope'];
};

/** What a handler receives: everything validated, everything authenticated. */
export type RouteRequest<R extends Route = Route> = {
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  /** The validated JSON; `undefined` for stream bodies, for frames, and where the route has none. */
  readonly body: BodyOf<R>;
  /** The bytes of a stream body, once. Throws `too_large` beyond the route's limit and `unavailable` when they stop coming. */
  stream(): AsyncIterable<Uint8Array>;
  /** True when a route that takes JSON or frames got frames: read `stream()`. */
  readonly frames: boolean;
  /** Of the token; for open routes of the host name (throws `not_found` where it names none); for admin routes of the path. */
  readonly tenantId: TenantId;
  /** Throws on open routes, and on service calls that act for nobody. */
  readonly actor: Actor;
  /** What a service's call for the holder of a link is confined to. */
  readonly link: LinkClaims | undefined;
  /** `user`, or the service that calls, or `admin`; `anybody` on open routes. */
  readonly caller: string;
  /** True for `HEAD`: nothing of a body is sent, and nothing that counts as having been given is done. */
  readonly head: boolean;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The client's IP address, as far as the configured number of proxies can be believed. */
  readonly address: string;
  readonly requestId: string;
  readonly log: Logger;
  /** Aborts when the client is gone or the deadline has passed. */
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
};

/** Answers a route: its answer's value, or a `reply(...)` where status, headers or a stream are the handler's own. */
export type Handler<R extends Route> = (request: RouteRequest<R>) => Promise<AnswerOf<R> | Reply> | AnswerOf<R> | Reply;

/** A route and who answers it. */
export type RouteBinding = {
  readonly route: Route;
  readonly handler: (request: RouteRequest) => unknown;
};

/** Binds a handler, typed by the route, to it. */
export function handle<const R extends Route>(route: R, handler: Handler<R>): RouteBinding {
  return { route, handler: handler };
}
