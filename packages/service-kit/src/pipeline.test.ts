import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { defineRoute, Problem } from '@driftbox/protocol';
import { currentRequestId } from '@driftbox/tracing';
import { z } from 'zod';
import { handle, type RouteRequest } from './route-request.ts';
import { reply } from './reply.ts';
import { acme, bearer, claimsOf, createWorld, other, serviceBearer } from './testing/world.ts';

const base = { service: 'metadata', summary: 'test' } as const;
const getThing = defineRoute({
  ...base,
  name: 'getThing',
  method: 'GET',
  path: '/v1/things/:thing',
  auth: 'user',
  params: z.object({ thing: z.string().max(20) }),
  query: z.object({ limit: z.coerce.number().int().max(10).default(5) }),
  answer: z.object({ thing: z.string(), limit: z.number() }),
});
const makeThing = defineRoute({
  ...base,
  name: 'makeThing',
  method: 'POST',
  path: '/v1/things',
  auth: 'user',
  body: z.object({ name: z.string().min(1), size: z.number() }),
  status: 201,
  answer: z.object({ name: z.string() }),
});
const openThing = defineRoute({
  ...base,
  name: 'openThing',
  method: 'GET',
  path: '/v1/open',
  auth: 'none',
  answer: z.object({ tenant: z.string() }),
});
const hiddenThing = defineRoute({
  ...base,
  name: 'hiddenThing',
  method: 'GET',
  path: '/internal/v1/hidden',
  auth: 'service',
  answer: z.object({ caller: z.string() }),
});
const adminThing = defineRoute({
  ...base,
  name: 'adminThing',
  method: 'GET',
  path: '/admin/v1/tenants/:tenant',
  auth: 'admin',
  params: z.object({ tenant: z.string() }),
  answer: z.object({ tenant: z.string() }),
});
const readFile = defineRoute({
  ...base,
  name: 'readFile',
  method: 'GET',
  path: '/v1/files/*path',
  auth: 'user',
  params: z.object({ path: z.string() }),
  answer: z.object({ path: z.string() }),
});
const failing = defineRoute({
  ...base,
  name: 'failing',
  method: 'GET',
  path: '/v1/failing/:how',
  auth: 'none',
  params: z.object({ how: z.string() }),
});

const bindings = [
  handle(getThing, ({ params, query }) => ({ thing: params.thing, limit: query.limit })),
  handle(makeThing, ({ body }) => ({ name: body.name })),
  handle(openThing, ({ tenantId }) => ({ tenant: tenantId })),
  handle(hiddenThing, ({ caller }) => ({ caller })),
  handle(adminThing, ({ tenantId }) => ({ tenant: tenantId })),
  handle(readFile, ({ params }) => ({ path: params.path })),
  handle(failing, (request: RouteRequest<typeof failing>) => {
    const { params } = request;
    if (params.how === 'problem') throw new Problem('locked', 'Busy', { retryAfterSeconds: 3 });
    if (params.how === 'quota') throw new Problem('quota_exceeded');
    if (params.how === 'actor') return request.actor as unknown as undefined;
    if (params.how === 'answer') return reply({ body: { surprise: true } });
    throw new Error('the database password is hunter2');
  }),
];

type Sent = { method?: string; path: string; headers?: Record<string, string>; body?: string | Uint8Array };
const { service, lines, registry } = createWorld(bindings, { rateLimit: { perUser: { requests: 200, seconds: 60 } } });

async function ask(
  { method = 'GET', path, headers = {}, body }: Sent,
  on = service,
): Promise<{ status: number; headers: Record<string, string>; json: Record<string, unknown> }> {
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await on.transport({ method, path, headers: { host: 'acme.test', ...type, ...headers }, body });
  let text = '';
  for await (const piece of answer.body) text += Buffer.from(piece).toString();
  return { status: answer.status, headers: answer.headers, json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

describe('who may call', () => {
  test("a valid token of the host's tenant", async () => {
    const answer = await ask({ path: '/v1/things/a?limit=7', headers: { authorization: await bearer() } });
    expect(answer).toMatchObject({ status: 200, json: { thing: 'a', limit: 7 } });
  });

  test.each([
    ['nothing', undefined],
    ['another scheme', 'Digest x'],
    ['no value', 'Bearer '],
    ['rubbish', 'Bearer a.b.c'],
    ['an overlong token', `Bearer ${'a'.repeat(5000)}`],
  ])('%s is unauthenticated', async (_what, authorization) => {
    const answer = await ask({ path: '/v1/things/a', headers: authorization === undefined ? {} : { authorization } });
    expect(answer).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
    expect(answer.headers['www-authenticate']).toContain('Bearer');
  });

  test('an expired token, one of a foreign key, of an unknown key and of another tenant are refused', async () => {
    const { privateKey: foreign } = generateKeyPairSync('ed25519');
    const tokens = [
      await bearer({}, -10_000),
      await bearer({}, 60_000, 'k1', foreign),
      await bearer({}, 60_000, 'k2', foreign),
      await bearer({ tid: other }),
    ];
    for (const authorization of tokens)
      expect(await ask({ path: '/v1/things/a', headers: { authorization } })).toMatchObject({ status: 401 });
  });

  test('a token whose algorithm was swapped for none or HS256 is refused', async () => {
    const [, payload] = (await bearer()).split('.');
    for (const alg of ['none', 'HS256']) {
      const header = Buffer.from(JSON.stringify({ alg, kid: 'k1' })).toString('base64url');
      expect(await ask({ path: '/v1/things/a', headers: { authorization: `Bearer ${header}.${payload}.c2ln` } })).toMatchObject({
        status: 401,
      });
    }
  });

  test('a verified token stays refused after its session or user was revoked', async () => {
    const claims = claimsOf();
    const revoked = new Set<string>();
    const world = createWorld(bindings, {
      revocations: { isRevoked: (sessionId, userId) => revoked.has(sessionId) || revoked.has(userId), isSuspended: () => false },
    });
    const authorization = await bearer(claims);
    const call = () => ask({ path: '/v1/things/a', headers: { authorization } }, world.service);
    expect((await call()).status).toBe(200);
    revoked.add(claims.sid);
    expect((await call()).status).toBe(401);
    revoked.clear();
    revoked.add(claims.sub);
    expect((await call()).status).toBe(401);
    expect(world.fetches()).toBe(1);
  });

  test('a read scope may read and nothing else', async () => {
    const authorization = await bearer({ scope: 'read' });
    expect((await ask({ path: '/v1/things/a', headers: { authorization } })).status).toBe(200);
    const refused = await ask({ method: 'POST', path: '/v1/things', headers: { authorization }, body: '{"name":"a","size":1}' });
    expect(refused).toMatchObject({ status: 403, json: { code: 'permission_denied' } });
  });

  test("Basic is exchanged once a minute, for the host's tenant", async () => {
    let exchanges = 0;
    const world = createWorld(bindings, {
      exchangeBasic: async ({ email, password }, tenantId) => {
        exchanges += 1;
        if (password !== 'pa:ss') throw new Problem('unauthenticated');
        expect([email, tenantId]).toEqual(['a@b.c', acme]);
        return (await bearer()).slice(7);
      },
    });
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    for (let n = 0; n < 3; n += 1)
      expect((await ask({ path: '/v1/things/a', headers: basic('a@b.c:pa:ss') }, world.service)).status).toBe(200);
    expect(exchanges).toBe(1);
    const counted = (await world.registry.metrics()).match(/^driftbox_cache_lookups_total.* [1-9]$/gm);
    expect(counted).toEqual([
      'driftbox_cache_lookups_total{cache="user_tokens",outcome="hit"} 2',
      'driftbox_cache_lookups_total{cache="user_tokens",outcome="miss"} 1',
      'driftbox_cache_lookups_total{cache="app_passwords",outcome="hit"} 2',
      'driftbox_cache_lookups_total{cache="app_passwords",outcome="miss"} 1',
    ]);
    expect((await ask({ path: '/v1/things/a', headers: basic('a@b.c:wrong') }, world.service)).status).toBe(401);
    expect((await ask({ path: '/v1/things/a', headers: basic('nocolon') }, world.service)).status).toBe(401);
    expect((await ask({ path: '/v1/things/a', headers: basic('a@b.c:pa:ss') })).status).toBe(401);
  });
});

describe('services and administrators', () => {
  test('reach their own routes only', async () => {
    const upload = { authorization: await serviceBearer('upload', acme) };
    const admin = { authorization: await serviceBearer('admin') };
    expect(await ask({ path: '/internal/v1/hidden', headers: upload })).toMatchObject({ status: 200, json: { caller: 'upload' } });
    expect((await ask({ path: '/internal/v1/hidden', headers: admin })).status).toBe(403);
    expect((await ask({ path: `/admin/v1/tenants/${other}`, headers: upload })).status).toBe(403);
    expect(await ask({ path: `/admin/v1/tenants/${other}`, headers: admin })).toMatchObject({ status: 200, json: { tenant: other } });
    expect((await ask({ path: '/v1/things/a', headers: upload })).status).toBe(401);
    expect((await ask({ path: '/internal/v1/hidden', headers: { authorization: await bearer() } })).status).toBe(401);
  });

  test('an open route knows the tenant of its host, and only that', async () => {
    expect(await ask({ path: '/v1/open' })).toMatchObject({ status: 200, json: { tenant: acme } });
    expect(await ask({ path: '/v1/open', headers: { host: 'OTHER.test:8080' } })).toMatchObject({ json: { tenant: other } });
    expect((await ask({ path: '/v1/open', headers: { host: 'nobody.test' } })).status).toBe(404);
    expect((await ask({ path: '/v1/failing/actor' })).status).toBe(403);
  });
});

describe('what is asked', () => {
  const post = async (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    ask({ method: 'POST', path: '/v1/things', headers: { authorization: await bearer(), ...headers }, body });

  test('good JSON passes', async () =>
    expect(await post('{"name":"a","size":1,"more":2}')).toMatchObject({ status: 201, json: { name: 'a' } }));

  test.each([
    ['cut short', '{"name":'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a prototype', '{"name":"a","size":1,"__proto__":{"admin":true}}'],
    ['an escaped prototype', '{"name":"a","size":1,"\\u005f_proto__":{"admin":true}}'],
    ['nested without end', '['.repeat(200_000)],
    ['a byte order mark', '\ufeff{}'],
  ])('%s is invalid_argument', async (_what, body) =>
    expect(await post(body)).toMatchObject({ status: 400, json: { code: 'invalid_argument' } }),
  );

  test('every issue is listed, of query and path too', async () => {
    expect((await post('{"name":"","size":"big"}')).json.details).toMatchObject({
      issues: [{ path: 'body.name' }, { path: 'body.size' }],
    });
    const { json } = await ask({ path: `/v1/things/${'a'.repeat(30)}?limit=11`, headers: { authorization: await bearer() } });
    expect(json.details).toMatchObject({ issues: [{ path: 'params.thing' }, { path: 'query.limit' }] });
  });

  test('a repeated name in the query is refused, as is text that is not UTF-8', async () => {
    const authorization = await bearer();
    for (const path of ['/v1/things/a?limit=1&limit=2', '/v1/things/a?limit=%ff', '/v1/things/%ff']) {
      expect(await ask({ path, headers: { authorization } })).toMatchObject({ status: 400 });
    }
  });

  test('the wrong type, an encoding, or a body where none belongs is refused', async () => {
    expect((await post('{"name":"a","size":1}', { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await post('{"name":"a","size":1}', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await ask({ path: '/v1/things/a', headers: { authorization: await bearer() }, body: '{}' })).status).toBe(400);
  });

  test('a body beyond 1 MiB is too_large, whether it says so or not', async () => {
    const large = `{"name":"${'a'.repeat(2 ** 20)}","size":1}`;
    expect(await post(large)).toMatchObject({ status: 413, json: { code: 'too_large' } });
    const answer = await service.transport({
      method: 'POST',
      path: '/v1/things',
      headers: { host: 'acme.test', authorization: await bearer(), 'content-type': 'application/json' },
      body: (async function* pieces() {
        for (let n = 0; n < 32; n += 1) yield Buffer.alloc(65_536, 0x20);
      })(),
    });
    expect(answer.status).toBe(413);
  });

  test('the rest of a path keeps its slashes, and refuses hidden ones', async () => {
    const headers = { authorization: await bearer() };
    expect((await ask({ path: '/v1/files/a/b%20c/%C3%A4', headers })).json).toEqual({ path: 'a/b c/ä' });
    for (const path of ['/v1/files/a%2Fb', '/v1/files/a/..%2fb']) expect((await ask({ path, headers })).status).toBe(400);
  });

  test('protocol versions and deadlines are checked', async () => {
    const authorization = await bearer();
    const status = async (headers: Record<string, string>) =>
      (await ask({ path: '/v1/things/a', headers: { authorization, ...headers } })).status;
    expect(await status({ 'driftbox-protocol': '1', 'driftbox-deadline-ms': '5000' })).toBe(200);
    expect(await status({ 'driftbox-protocol': '99' })).toBe(400);
    expect(await status({ 'driftbox-deadline-ms': 'soon' })).toBe(400);
    expect(await status({ 'driftbox-deadline-ms': '0' })).toBe(503);
  });

  test('an unknown route or method is not_found', async () => {
    for (const sent of [{ path: '/v2' }, { path: '/v1/things/' }, { method: 'DELETE', path: '/v1/open' }])
      expect((await ask(sent)).status).toBe(404);
  });
});

describe('what is answered', () => {
  test('problems carry code, request id and Retry-After, and are no fault for the log', async () => {
    lines.length = 0;
    const answer = await ask({ path: '/v1/failing/problem', headers: { 'x-request-id': 'request-0001' } });
    expect(answer).toMatchObject({
      status: 423,
      json: { code: 'locked', detail: 'Busy', requestId: 'request-0001', retryable: false },
    });
    expect(answer.headers).toMatchObject({
      'retry-after': '3',
      'content-type': 'application/problem+json; charset=utf-8',
      'x-request-id': 'request-0001',
    });
    expect(lines).toMatchObject([{ level: 'info', msg: 'request', status: 423, requestId: 'request-0001' }]);
  });

  test('a quota that is used up is a refusal: no failure for the log, nor for whoever counts those', async () => {
    lines.length = 0;
    expect((await ask({ path: '/v1/failing/quota' })).status).toBe(507);
    expect(lines).toMatchObject([{ level: 'info', msg: 'request', status: 507 }]);
    const counted = (await registry.metrics()).match(/^http_server_request_duration_seconds_count\{.*route="failing".*$/gm);
    expect(counted?.filter((line) => line.includes('"5'))).toEqual([expect.stringContaining('status="507"} 1')]);
  });

  test('the unexpected is internal; its cause is logged and never sent', async () => {
    lines.length = 0;
    const answer = await ask({ path: '/v1/failing/boom', headers: { 'x-request-id': 'bad id' } });
    expect(answer).toMatchObject({ status: 500, json: { code: 'internal' } });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect(answer.json.requestId).not.toBe('bad id');
    expect(lines).toMatchObject([{ level: 'error', route: 'failing', status: 500, requestId: answer.json.requestId }]);
    expect(JSON.stringify(lines)).toContain('hunter2');
  });

  test('an answer that breaks its promise is caught while checking', async () => {
    expect((await ask({ path: '/v1/failing/answer' })).status).toBe(500);
  });

  test("a service's own exceptions become problems by its hook", async () => {
    const world = createWorld(bindings, { toProblem: () => new Problem('unavailable') });
    expect(await ask({ path: '/v1/failing/boom' }, world.service)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });

  test('one line a request says who and what, and no token or path', async () => {
    lines.length = 0;
    const claims = claimsOf();
    const authorization = await bearer(claims);
    await ask({ path: '/v1/files/secret-plan.txt', headers: { authorization } });
    expect(lines).toMatchObject([{ route: 'readFile', status: 200, tenantId: acme, userId: claims.sub }]);
    expect(JSON.stringify(lines)).not.toMatch(/secret-plan|Bearer|eyJ/);
  });

  test('too many requests of one user are rate_limited, of another not', async () => {
    const world = createWorld(bindings, {
      rateLimit: { perUser: { requests: 2, seconds: 60 }, perAddress: { requests: 1, seconds: 60 } },
    });
    const one = await bearer();
    const statuses = [];
    for (const authorization of [one, one, one, await bearer()])
      statuses.push((await ask({ path: '/v1/things/a', headers: { authorization } }, world.service)).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
    expect((await ask({ path: '/v1/open' }, world.service)).status).toBe(200);
    const refused = await ask({ path: '/v1/open' }, world.service);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });
});

test('what a request leads to is done on its behalf, and what one leads to is none of another', async () => {
  const world = createWorld([
    handle(openThing, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return { tenant: currentRequestId() ?? '' };
    }),
  ]);
  const ask = async (id: string): Promise<unknown> => {
    const { body } = await world.service.transport({ method: 'GET', path: '/v1/open', headers: { host: 'acme.test', 'x-request-id': id } });
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    return JSON.parse(Buffer.concat(pieces).toString());
  };
  const ids = ['request-1', 'request-2'];
  expect(await Promise.all(ids.map(ask))).toEqual(ids.map((tenant) => ({ tenant })));
  expect(currentRequestId()).toBeUndefined();
});
