import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { isInternal, routes, type Route, type ServiceName } from '@driftbox/protocol';
import {
  createAuthenticator,
  createKeySource,
  createLogger,
  createService,
  createSharedDoor,
  handle,
  type Service,
} from '@driftbox/service-kit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { joinPage } from './join-page.ts';

const every = Object.values<Route>(routes);
const lines: { service: string; route: string }[] = [];

/** A service of all its routes, each of which says in the log that it was asked. */
function serviceOf(name: ServiceName): Service {
  return createService({
    name,
    bindings: every.filter(({ service }) => service === name).map((route) => handle(route, () => undefined)),
    authenticator: createAuthenticator({ keys: createKeySource({ fetch: async () => ({ keys: [] }) }), serviceKey: 'k'.repeat(32) }),
    log: createLogger({ service: name, destination: { write: (text: string) => void lines.push(JSON.parse(text) as (typeof lines)[0]) } }),
    registry: new Registry(),
  });
}

const log = createLogger({ service: 'test', destination: { write: () => {} } });
const services = [...new Set(every.map(({ service }) => service))].map(serviceOf);
const server = http.createServer(createSharedDoor(services, [joinPage], log));
let address: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function ask({ method, path }: { method: string; path: string }): Promise<{ status: number; text: string; asked: object[] }> {
  lines.length = 0;
  const answer = await fetch(address + path.replaceAll(/[:*]\w+/g, 'x'), { method });
  const text = await answer.text();
  return { status: answer.status, text, asked: lines.map(({ service, route }) => ({ service, route })) };
}

test('each public route leads to its service', async () => {
  for (const route of every)
    if (!isInternal(route)) expect((await ask(route)).asked).toEqual([{ service: route.service, route: route.name }]);
});

test('internal and administrative routes do not exist', async () => {
  const hidden = every.filter(isInternal);
  expect(hidden.length).toBeGreaterThan(3);
  for (const route of hidden) {
    const { status, text, asked } = await ask(route);
    expect([route.path, status, (JSON.parse(text) as { code: string }).code, asked]).toEqual([route.path, 404, 'not_found', []]);
  }
});

test('nor does anything else, a known path by another method included', async () => {
  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/metrics'],
    ['PUT', '/v1/login'],
    ['POST', '/join'],
    ['GET', '/v1'],
  ] as const)
    expect([path, (await ask({ method, path })).status]).toEqual([path, 404]);
});

test('the join page runs its own script and no other', async () => {
  const answer = await fetch(`${address}/join`);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/default-src 'none'.*script-src 'sha256-[^']+'/);
  expect(policy).not.toContain('unsafe');
  expect(await answer.text()).toContain('<form>');
});
