import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { isInternal, routes, type Route } from '@driftbox/protocol';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { joinPage } from './join-page.ts';
import { createRouter } from './router.ts';

const named =
  (name: string): http.RequestListener =>
  (_request, response) =>
    void response.end(name);
const router = createRouter({ auth: named('auth'), metadata: named('metadata'), upload: named('upload') }, [joinPage]);
const server = http.createServer(router);
let address: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = async ({ method, path }: Pick<Route, 'method' | 'path'>): Promise<[number, string]> => {
  const answer = await fetch(address + path.replaceAll(/[:*]\w+/g, 'x'), { method });
  return [answer.status, await answer.text()];
};

test('each public route leads to its service', async () => {
  for (const route of Object.values<Route>(routes))
    if (!isInternal(route)) expect([route.path, ...(await ask(route))]).toEqual([route.path, 200, route.service]);
});

test('internal and administrative routes do not exist', async () => {
  const hidden = Object.values<Route>(routes).filter(isInternal);
  expect(hidden.length).toBeGreaterThan(3);
  for (const route of hidden) {
    const [status, text] = await ask(route);
    expect([route.path, status, (JSON.parse(text) as { code: string }).code]).toEqual([route.path, 404, 'not_found']);
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
    expect([path, (await ask({ method, path }))[0]]).toEqual([path, 404]);
});

test('the join page runs its own script and no other', async () => {
  const answer = await fetch(`${address}/join`);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/default-src 'none'.*script-src 'sha256-[^']+'/);
  expect(policy).not.toContain('unsafe');
  expect(await answer.text()).toContain('<form>');
});
