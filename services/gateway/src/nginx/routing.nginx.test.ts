import { isInternal, routes, type Route } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { send, sendRaw } from '../testing/send.ts';
import { startGateway, type TestGateway } from '../testing/gateway.ts';

let gateway: TestGateway;
let authorization: string;
beforeAll(async () => {
  gateway = await startGateway();
  authorization = await gateway.cell.bearer();
});
afterAll(() => gateway?.close());

const every = Object.values<Route>(routes);
const sample = (path: string): string => path.replaceAll(/[:*][a-zA-Z]+/g, 'x');
const seen = (): number => Object.values(gateway.echoes).reduce((sum, echo) => sum + echo.seen.length, 0);

describe('of the whole route table', () => {
  test('each public route leads to its service, as it was sent', async () => {
    for (const { method, path, service } of every.filter((route) => !isInternal(route))) {
      const url = `${sample(path)}?q=a%20b`;
      const { status, json } = await send(gateway.plain, url, { method, headers: { authorization } });
      expect([path, status, json?.server, json?.method, json?.url]).toEqual([path, 200, service, method, url]);
    }
  });

  test('each that needs a sign-in is refused without one before its service hears of it', async () => {
    const before = seen();
    for (const { method, path } of every.filter((route) => route.auth === 'user')) {
      const { status, json, headers } = await send(gateway.plain, sample(path), { method });
      expect([path, status, json.code]).toEqual([path, 401, 'unauthenticated']);
      expect(headers['www-authenticate']).toBe('Bearer realm="driftbox"');
    }
    expect(seen()).toBe(before);
  });

  test('no internal and no administrative route can be reached, however it is written', async () => {
    const hidden = every.filter(isInternal);
    expect(hidden.length).toBeGreaterThan(10);
    const before = seen();
    for (const { method, path } of hidden) {
      const plain = sample(path);
      const disguises = [
        plain,
        `/v1/..${plain}`,
        `/v1/%2e%2e${plain}`,
        `/v1/drives/x/files/..%2f..%2f..%2f..${plain}`,
        `/v1/drives/x/files/../../../..${plain}`,
        `/${plain}`,
        plain.replace('/v1', '//v1'),
        `/%69nternal/..${plain}`,
        `${plain}?x=/v1/me`,
        plain.toUpperCase(),
      ];
      for (const disguise of disguises) {
        const { status } = await send(gateway.plain, disguise, { method, headers: { authorization } });
        expect([disguise, [400, 404].includes(status)]).toEqual([disguise, true]);
      }
    }
    expect(seen()).toBe(before);
  });

  test('no other method of a known path reaches anybody', async () => {
    const before = seen();
    for (const path of new Set(every.filter((route) => !isInternal(route)).map((route) => route.path))) {
      const known = every
        .filter((route) => route.path.replaceAll(/:\w+/g, ':') === path.replaceAll(/:\w+/g, ':'))
        .map(({ method }) => method);
      for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'].filter((one) => !known.includes(one as 'PUT'))) {
        const { status } = await send(gateway.plain, sample(path), { method, headers: { authorization } });
        expect([method, path, [404, 405].includes(status)]).toEqual([method, path, true]);
      }
    }
    expect(seen()).toBe(before);
  });
});

test.each([
  '/',
  '/v1',
  '/v1/',
  '/v1/nothing',
  '/verify',
  '/healthz',
  '/metrics',
  '/v1/metrics',
  '/v1/traces',
  '/stub_status',
  '/v1/me/',
  '/v1/me.html',
  '/v2/me',
])('%s is not found, as a problem', async (path) => {
  const { status, headers, json } = await send(gateway.plain, path, { headers: { authorization } });
  expect(status).toBe(404);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(json).toMatchObject({ code: 'not_found', status: 404, retryable: false, requestId: headers['x-request-id'] });
});

test.each([
  ['names with escapes', '/v1/drives/x/files/a%20b/%C3%A9%25.html'],
  ['names with line breaks', '/v1/drives/x/files/a%0Ab'],
  ['dots inside names', '/v1/drives/x/files/.hidden/a..b/...'],
  ['a query with anything in it', '/v1/search?q=../%2f%2e%2e/'],
])('%s pass untouched', async (_what, url) => {
  const method = url.includes('/files/') ? 'PUT' : 'GET';
  const { status, json } = await send(gateway.plain, url, { method, headers: { authorization } });
  expect([status, json.url]).toEqual([200, url]);
});

test.each(['/v1/drives/x/files/a%2Fb', '/v1/drives/x/files/./a', '/v1/drives/x/files/%2E%2E/a', '/v1/drives/x/files/a%00b', '/v1/me/..'])(
  '%s means two things, and is refused',
  async (url) => {
    const { status, json } = await send(gateway.plain, url, { method: 'PUT', headers: { authorization } });
    expect([400, 404]).toContain(status);
    expect(json?.server).toBeUndefined();
  },
);

describe('a host', () => {
  const ask = (lines: string[]) => sendRaw(gateway.plain, `${[...lines, 'connection: close'].join('\r\n')}\r\n\r\n`);

  test('that is not served is not found, whatever the token', async () => {
    for (const host of ['evil.test', '127.0.0.1', 'acme.test.evil.test', 'xacme.test'])
      expect((await send(gateway.plain, '/v1/me', { host, headers: { authorization } })).status).toBe(404);
  });

  test('under a wildcard is served', async () => {
    expect((await send(gateway.plain, '/v1/capabilities', { host: 'any.cell.test' })).json.headers.host).toBe('any.cell.test');
  });

  test('reaches the service in lower case and without its port', async () => {
    const { json } = await send(gateway.plain, '/v1/me', { host: 'ACME.test:8443', headers: { authorization } });
    expect(json.headers.host).toBe('acme.test');
  });

  test('given twice, or with nonsense in it, is refused', async () => {
    for (const hosts of [['host: acme.test', 'host: other.test'], ['host: acme.test/x'], ['host: a b'], []])
      expect(await ask(['GET /v1/capabilities HTTP/1.1', ...hosts])).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  test('in the request line counts, and the service is told that one', async () => {
    const text = await ask(['GET http://other.test/v1/capabilities HTTP/1.1', 'host: acme.test']);
    expect(text).toContain('"host":"other.test"');
  });

  test('of one tenant takes no token of another', async () => {
    const { status, json } = await send(gateway.plain, '/v1/me', { host: 'other.test', headers: { authorization } });
    expect([status, json.code]).toEqual([401, 'unauthenticated']);
  });

  test('of no tenant finds nothing', async () => {
    expect((await send(gateway.plain, '/v1/me', { host: 'nobody.test', headers: { authorization } })).json.code).toBe('not_found');
  });
});

test('behind an ingress any host reaches the services without TLS, and with it none that is not served', async () => {
  await gateway.reload({ anyHost: true });
  try {
    const capabilities = async () =>
      (await send(gateway.plain, '/v1/capabilities', { host: 'files.acme.example' })).json?.headers?.host as unknown;
    await waitFor(async () => (await capabilities()) === 'files.acme.example');
    // Whose host it is, services and verify find out: here it is nobody's.
    expect((await send(gateway.plain, '/v1/me', { host: 'files.acme.example', headers: { authorization } })).json.code).toBe('not_found');
    await expect(send(gateway.tls, '/v1/capabilities', { host: 'files.acme.example' })).rejects.toThrow(/alert|handshake|reset/i);
  } finally {
    await gateway.reload({ anyHost: false });
  }
});

test('NGINX never says which version it is', async () => {
  const { headers } = await send(gateway.plain, '/');
  expect(headers.server).toBe('nginx');
});
