import assert from 'node:assert/strict';
import Router from '@koa/router';
import type { DefaultState, Middleware } from 'koa';
import type { CompiledRoute } from './compile-route.ts';
import type { Incoming, Outgoing } from './message.ts';

/** What a door hands to the routes, and gets back: `outgoing` stays `undefined` where no route matches. */
export type Exchange = { incoming: Incoming; outgoing?: Outgoing };

/** Middleware that answers what its routes match, and lets everything else through. */
export type Routes = Middleware<DefaultState, Exchange>;

/** Answers an exchange by one route. `values` are the path's, by name. */
export type Answer = (compiled: CompiledRoute, values: PathValues, incoming: Incoming) => Promise<Outgoing>;

/** The values of a path by name, percent-decoded as far as that is possible, and the same in order as they were sent. */
export type PathValues = { readonly params: Readonly<Record<string, string>>; readonly captures: readonly string[] };

const verbs = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete', OPTIONS: 'options' } as const;

/**
 * Routes by method and whole path, case-sensitive; `HEAD` goes where `GET` does. Where two patterns match, the one with
 * fewer values wins.
 */
export function createRoutes(compiled: readonly CompiledRoute[], answer: Answer): Routes {
  const router = new Router<DefaultState, Exchange>({ strict: true, sensitive: true, exclusive: 'specificity' });
  const taken = new Set<string>();
  for (const route of compiled) {
    const { method, path } = route.route;
    const shape = `${method} ${path.replaceAll(/(?<=[:*])\w+/g, '')}`;
    assert(!taken.has(shape), `two routes for ${method} ${path}`);
    taken.add(shape);
    router[verbs[method]](route.name, path, async (ctx) => {
      ctx.outgoing = await answer(route, { params: ctx.params, captures: ctx.captures ?? [] }, ctx.incoming);
    });
  }
  return router.routes() as unknown as Routes;
}

/** Routes a request that came without Koa: all that the router reads of a context, and `undefined` where no route matches. */
export async function followRoutes(routes: Routes, method: string, path: string, incoming: Incoming): Promise<Outgoing | undefined> {
  const context: Exchange & { method: string; path: string; request: object } = { method, path, request: {}, incoming };
  await routes(context as unknown as Parameters<Routes>[0], async () => {});
  return context.outgoing;
}
