import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Problem, isInternal, problemDetails, routes, type Route, type ServiceName } from '@driftbox/protocol';
import { PathTable } from '@driftbox/service-kit';

/** A page of the standalone server itself. */
export type Page = { readonly path: string; readonly serve: (request: IncomingMessage, response: ServerResponse) => void };

/**
 * Hands each request to the service whose public route it names, as the gateway does in a cell. Internal and
 * administrators' routes do not exist here: they answer `not_found` like any other unknown path.
 */
export function createRouter(services: Readonly<Record<ServiceName, RequestListener>>, pages: readonly Page[]): RequestListener {
  const table = new PathTable<RequestListener>();
  for (const route of Object.values<Route>(routes)) if (!isInternal(route)) table.add(route.method, route.path, services[route.service]);
  for (const page of pages) table.add('GET', page.path, page.serve);
  return (request, response) => {
    const url = request.url ?? '/';
    const end = url.indexOf('?');
    const target = table.find(request.method ?? 'GET', end < 0 ? url : url.slice(0, end))?.target;
    if (target === undefined) refuse(response);
    else target(request, response);
  };
}

function refuse(response: ServerResponse): void {
  const body = JSON.stringify(problemDetails(new Problem('not_found')));
  response
    .writeHead(404, { 'content-type': 'application/problem+json', 'content-length': Buffer.byteLength(body), connection: 'close' })
    .end(body);
}
