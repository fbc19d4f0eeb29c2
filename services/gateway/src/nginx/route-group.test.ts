import { defineRoute, isInternal, routes, type Route } from '@driftbox/protocol';
import { describe, expect, test } from '@jest/globals';
import { matcherOf } from './locations.ts';
import { groupRoutes } from './route-group.ts';

const every = Object.values<Route>(routes);
const groups = groupRoutes(every);
const route = (changes: Partial<Route>): Route =>
  defineRoute({ name: 'x', service: 'auth', method: 'GET', path: '/v1/x', summary: '', auth: 'user', ...changes });

/** Which group NGINX would choose: a fixed path if there is one, otherwise the first pattern that matches. */
function chosen(path: string): string | undefined {
  const fixed = groups.find((group) => matcherOf(group.path) === `= ${path}`);
  const matches = (pattern: string): boolean => new RegExp(pattern.slice('~ "(?s)'.length, -1), 's').test(path);
  return (fixed ?? groups.find((group) => matcherOf(group.path).startsWith('~') && matches(matcherOf(group.path))))?.path;
}

describe('the groups of the route table', () => {
  test('hold every public route and no other', () => {
    const shape = ({ path }: { path: string }): string => path.replaceAll(/:\w+/g, ':');
    expect(new Set(groups.map(shape))).toEqual(new Set(every.filter((one) => !isInternal(one)).map(shape)));
  });

  test.each(every.filter((one) => !isInternal(one)).map((one) => [`${one.method} ${one.path}`, one] as const))(
    '%s is matched by its own, with its method and room for its body',
    (_name, { path, method, service, auth, maxBodyBytes, body }) => {
      const group = groups.find((one) => one.path === chosen(path.replaceAll(/[:*]\w+/g, 'x')))!;
      expect(group.path.replaceAll(/:\w+/g, ':')).toBe(path.replaceAll(/:\w+/g, ':'));
      expect(group).toMatchObject({ service, auth });
      expect(group.methods).toContain(method);
      expect(group.maxBodyBytes).toBeGreaterThanOrEqual(maxBodyBytes ?? (body === undefined ? 0 : 2 ** 20));
    },
  );

  test('let bytes and frames through as they come, and hold JSON until it is whole', () => {
    const streaming = groups.filter(({ streamsIn }) => streamsIn).map(({ path }) => path);
    expect(streaming.some((path) => path.endsWith('/files/*path'))).toBe(true);
    // What is held is held in memory.
    for (const { streamsIn, maxBodyBytes } of groups) if (!streamsIn) expect(maxBodyBytes).toBeLessThanOrEqual(2 ** 20);
  });
});

describe('routes of one path', () => {
  test('share the wider of their limits', () => {
    const [group] = groupRoutes([route({ method: 'PUT', maxBodyBytes: 10 }), route({ method: 'GET', answer: { stream: 'bytes' } })]);
    expect(group).toMatchObject({ methods: ['PUT', 'GET', 'HEAD'], maxBodyBytes: 1024, streamsOut: true, streamsIn: false });
  });

  test('must belong to one service, and all need a sign-in or none', () => {
    expect(() => groupRoutes([route({}), route({ method: 'PUT', service: 'upload' })])).toThrow(/belongs to auth and to upload/);
    expect(() => groupRoutes([route({}), route({ method: 'PUT', auth: 'none' })])).toThrow(/needs a sign-in/);
  });

  test('are chosen with fixed segments before named ones', () => {
    const paths = groupRoutes([route({ path: '/v1/:a/b' }), route({ path: '/v1/*rest' }), route({ path: '/v1/a/:b' })]).map(
      ({ path }) => path,
    );
    expect(paths).toEqual(['/v1/a/:b', '/v1/:a/b', '/v1/*rest']);
  });
});
