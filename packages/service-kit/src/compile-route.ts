import type { Route, Stream } from '@driftbox/protocol';
import { isInternal } from '@driftbox/protocol';
import type { FullLimits } from './limits.ts';
import type { RouteBinding, RouteRequest } from './route-request.ts';

type Schema = {
  safeParse(
    value: unknown,
  ): { success: true; data: unknown } | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
};

/** A route with everything about it that does not change from request to request worked out. */
export type CompiledRoute = {
  readonly route: Route;
  readonly name: string;
  readonly handler: (request: RouteRequest) => unknown;
  readonly internal: boolean;
  /** True for what a `read` scope may call. */
  readonly readOnly: boolean;
  readonly params: Schema | undefined;
  readonly query: Schema | undefined;
  readonly bodySchema: Schema | undefined;
  readonly bodyStream: 'frames' | 'bytes' | undefined;
  readonly framesToo: boolean;
  readonly maxBodyBytes: number;
  readonly status: number;
  readonly answerSchema: Schema | undefined;
  readonly defaultDeadlineMs: number;
  readonly maximumDeadlineMs: number;
};

function isStream(body: unknown): body is Stream {
  return typeof body === 'object' && body !== null && 'stream' in body;
}

/** Works a binding out under a service's limits. */
export function compileRoute({ route, handler }: RouteBinding, limits: FullLimits): CompiledRoute {
  const bodyStream = isStream(route.body) ? route.body.stream : undefined;
  const streams = bodyStream !== undefined || route.framesToo === true || isStream(route.answer);
  return {
    route,
    name: route.name,
    handler,
    internal: isInternal(route),
    readOnly: route.method === 'GET' || route.method === 'OPTIONS' || route.readOnly === true,
    params: route.params,
    query: route.query,
    bodySchema: isStream(route.body) ? undefined : route.body,
    bodyStream,
    framesToo: route.framesToo === true,
    maxBodyBytes: route.maxBodyBytes ?? limits.jsonBodyBytes,
    status: route.status ?? 200,
    answerSchema: isStream(route.answer) ? undefined : route.answer,
    defaultDeadlineMs: streams ? limits.streamDeadlineMs : limits.defaultDeadlineMs,
    maximumDeadlineMs: streams ? limits.streamDeadlineMs : limits.maximumDeadlineMs,
  };
}
