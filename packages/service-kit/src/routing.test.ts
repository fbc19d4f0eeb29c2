import { describe, expect, test } from '@jest/globals';
import { defineRoute, routes as allRoutes, type Route } from '@driftbox/protocol';
import fc from 'fast-check';
import { compileRoute } from './compile-route.ts';
import { fullLimits } from './limits.ts';
import type { Incoming } from './message.ts';
import { checkedValues } from './path-values.ts';
import { createRoutes, followRoutes, type PathValues, type Routes } from './routing.ts';

const base = { service: 'metadata', summary: 'test', auth: 'none' } as const;
const routeOf = (method: Route['method'], path: Route['path']): Route => defineRoute({ ...base, name: `${method} ${path}`, method, path });

type Found = { name: string; values: PathValues };

/** Routes that note what they found instead of answering. */
function noting(given: readonly Route[]): { routes: Routes; found: Found[] } {
  const found: Found[] = [];
  const compiled = given.map((route) => compileRoute({ route, handler: () => undefined }, fullLimits()));
  const routes = createRoutes(compiled, ({ name }, values) => {
    found.push({ name, values });
    return Promise.resolve({ status: 204, headers: {}, body: undefined });
  });
  return { routes, found };
}

async function find({ routes, found }: ReturnType<typeof noting>, method: string, path: string): Promise<Found[]> {
  found.length = 0;
  const answer = await followRoutes(routes, method, path, {} as Incoming);
  expect(answer === undefined).toBe(found.length === 0);
  return [...found];
}

describe('routes', () => {
  const paths: readonly Route['path'][] = [
    '/v1/drives',
    '/v1/drives/:drive',
    '/v1/drives/:drive/files/*path',
    '/v1/drives/special',
    '/v1/:kind/last',
  ];
  const table = noting([...paths.map((path) => routeOf('GET', path)), routeOf('POST', '/v1/drives')]);

  test.each<[string, string, string, readonly string[]]>([
    ['GET', '/v1/drives', 'GET /v1/drives', []],
    ['HEAD', '/v1/drives', 'GET /v1/drives', []],
    ['POST', '/v1/drives', 'POST /v1/drives', []],
    ['GET', '/v1/drives/a%2Fb', 'GET /v1/drives/:drive', ['a%2Fb']],
    ['GET', '/v1/drives/special', 'GET /v1/drives/special', []],
    ['GET', '/v1/drives/d/files/a/b', 'GET /v1/drives/:drive/files/*path', ['d', 'a/b']],
    ['GET', '/v1/drives/d/files/a%20/%25', 'GET /v1/drives/:drive/files/*path', ['d', 'a%20/%25']],
    ['GET', '/v1/things/last', 'GET /v1/:kind/last', ['things']],
  ])('%s %s', async (method, path, name, captures) => {
    expect(await find(table, method, path)).toMatchObject([{ name, values: { captures } }]);
  });

  test.each([
    ['GET', '/v1/drives/'],
    ['GET', '/V1/drives'],
    ['GET', '/v1'],
    ['GET', '/v1//last'],
    ['PUT', '/v1/drives'],
    ['HEAD', '/v1/drives/d/other'],
    ['GET', '/v1/drives/d/files/'],
    ['GET', '/v1/drives/d/other'],
    ['GET', ''],
    ['OPTIONS', '*'],
  ])('%s %s is nothing', async (method, path) => expect(await find(table, method, path)).toEqual([]));

  test('may not be there twice', () => {
    expect(() => noting([routeOf('GET', '/v1/drives/:a'), routeOf('GET', '/v1/drives/:b')])).toThrow('two routes');
  });

  test('of the whole API find each other never', async () => {
    const every = Object.values<Route>(allRoutes);
    const api = noting(every);
    for (const { method, path, name } of every) expect(await find(api, method, path.replaceAll(/[:*]\w+/g, 'x'))).toMatchObject([{ name }]);
  });
});

describe('values of a path', () => {
  const files = noting([routeOf('GET', '/v1/files/*path'), routeOf('GET', '/v1/things/:thing')]);
  const segment = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[/\0]/.test(text));

  test('decode to as many segments as there were', () =>
    fc.assert(
      fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 5 }), async (segments) => {
        const [found] = await find(files, 'GET', `/v1/files/${segments.map(encodeURIComponent).join('/')}`);
        expect(checkedValues(found!.values)).toEqual({ path: segments.join('/') });
      }),
    ));

  test.each(['a%2Fb', 'a%2fb', '%2f', 'a%00b', '%ff', '%', '%ed%a0%80', 'a/..%2fb'])('refuse %s', async (text) => {
    for (const found of await find(files, 'GET', `/v1/files/${text}`)) expect(() => checkedValues(found.values)).toThrow(/path/i);
    const [thing] = text.includes('/') ? [] : await find(files, 'GET', `/v1/things/${text}`);
    if (thing !== undefined) expect(() => checkedValues(thing.values)).toThrow(/path/i);
  });
});
