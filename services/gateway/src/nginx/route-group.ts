import assert from 'node:assert/strict';
import { isInternal, type Route, type ServiceName } from '@driftbox/protocol';

/** All routes of one path: NGINX chooses by path alone, so they share a service and the wider of their limits. */
export type RouteGroup = {
  /** As in the route table; also what logs call it. */
  readonly path: string;
  readonly service: ServiceName;
  readonly methods: readonly string[];
  readonly auth: 'none' | 'user';
  readonly maxBodyBytes: number;
  /** Bodies of bytes or frames, which pass through as they arrive. */
  readonly streamsIn: boolean;
  /** Answers of bytes or frames. */
  readonly streamsOut: boolean;
  /** True where somebody who is not signed in may change something. */
  readonly open: boolean;
};

/** For routes that state none; the services' own default. */
const jsonBodyBytes = 2 ** 20;
/** For routes without a body: some clients send an empty object all the same. */
const noBodyBytes = 2 ** 10;

/**
 * The public routes by path. Internal and administrators' routes are left out, so that no configuration can lead to
 * them. Throws where routes of one path belong to different services or differ in whether they need a sign-in.
 */
export function groupRoutes(routes: readonly Route[]): RouteGroup[] {
  const byPath = new Map<string, Route[]>();
  for (const route of routes) {
    if (isInternal(route)) continue;
    const path = route.path.replaceAll(/:[a-zA-Z]+/g, ':');
    byPath.set(path, [...(byPath.get(path) ?? []), route]);
  }
  return [...byPath].toSorted(([one], [other]) => (rank(one) < rank(other) ? -1 : 1)).map(([, group]) => groupOf(group));
}

/** Fixed segments before named ones, those before the rest of a path: NGINX takes the first pattern that matches. */
function rank(path: string): string {
  return path.replaceAll(':', '\uffee').replaceAll('*', '\uffef');
}

function groupOf(routes: readonly Route[]): RouteGroup {
  const [first] = routes;
  assert(first, 'a path has a route');
  const { path, service, auth } = first;
  assert(auth === 'none' || auth === 'user', `${path} is public`);
  for (const other of routes) {
    assert(other.service === service, `${path} belongs to ${service} and to ${other.service}: the gateway chooses by path`);
    assert(other.auth === auth, `${path} needs a sign-in for one method and none for another: the gateway chooses by path`);
  }
  return {
    path,
    service,
    auth,
    methods: routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
    maxBodyBytes: Math.max(...routes.map(bodyBytesOf)),
    streamsIn: routes.some((route) => isStream(route.body) || route.framesToo === true),
    streamsOut: routes.some((route) => isStream(route.answer)),
    open: auth === 'none' && routes.some(({ method }) => method !== 'GET'),
  };
}

function bodyBytesOf(route: Route): number {
  return route.maxBodyBytes ?? (route.body === undefined ? noBodyBytes : jsonBodyBytes);
}

function isStream(value: Route['body']): boolean {
  return value !== undefined && 'stream' in value;
}
