import type { RequestListener } from 'node:http';
import { Problem } from '@driftbox/protocol';
import { createKoaDoor } from './koa-door.ts';
import type { Logger } from './logger.ts';
import { requestIdOf } from './request-id.ts';
import type { Service } from './service.ts';
import { problemAnswer } from './write-answer.ts';

/** A page beside the services' routes, answered to `GET` and `HEAD`. Header names are lower-case. */
export type Page = { readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: string };

/**
 * One listener for the public routes of several services and some pages, as a gateway has it in a cell. What is neither,
 * internal routes included, is `not_found`. Connections end after their answer as soon as one of the services stops.
 */
export function createSharedDoor(services: readonly Service[], pages: readonly Page[], log: Logger): RequestListener {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  return createKoaDoor({
    routes: services.map(({ publicRoutes }) => publicRoutes),
    rest: (incoming, path) => {
      const page = incoming.method === 'GET' || incoming.method === 'HEAD' ? byPath.get(path) : undefined;
      if (page !== undefined) return { status: 200, headers: { ...page.headers }, body: page.body };
      return problemAnswer(new Problem('not_found', 'There is no such route'), requestIdOf(incoming.headers['x-request-id']));
    },
    closing: () => services.some((service) => service.stopping()),
    log,
  });
}
