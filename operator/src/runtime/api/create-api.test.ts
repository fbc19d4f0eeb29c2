import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { accessTo } from '../../testing/access-to.ts';
import { configMap, configMapKind } from '../../testing/config-map.ts';
import { createApiMetrics } from './api-metrics.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { createApi, type ApiOptions } from './create-api.ts';
import type { Api } from './api.ts';

type Seen = { readonly method: string; readonly url: string; readonly headers: http.IncomingHttpHeaders; readonly body: string };

let server: http.Server;
let access: ClusterAccess;
let seen: Seen[];
let respond: (request: IncomingMessage, response: http.ServerResponse) => void;

beforeEach(async () => {
  seen = [];
  respond = (_request, response) => response.end('{}');
  server = http.createServer(async (request, response) => {
    const body = await text(request);
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    respond(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  access = accessTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base`);
});
afterEach(async () => {
  access.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const open = (options: Partial<ApiOptions> = {}): Api => createApi({ access, userAgent: 'driftbox-test', ...options });
const intent = configMap('ns', 'a', '1');

test('server-side apply says who applies, takes over by force, and has its own content type', async () => {
  await open().apply(configMapKind, intent, { manager: 'driftbox-quota' });
  expect(seen[0]).toMatchObject({
    method: 'PATCH',
    url: '/base/api/v1/namespaces/ns/configmaps/a?fieldManager=driftbox-quota&force=true',
    headers: { 'content-type': 'application/apply-patch+yaml', 'user-agent': 'driftbox-test' },
    body: JSON.stringify(intent),
  });
});

test('status goes to its own part, and a dry run says so', async () => {
  await open().applyStatus(configMapKind, intent, { manager: 'm', force: false, dryRun: true });
  expect(seen[0]?.url).toBe('/base/api/v1/namespaces/ns/configmaps/a/status?fieldManager=m&force=false&dryRun=All');
});

test('metadata alone is asked for by the accepted type', async () => {
  respond = (_request, response) => response.end('{"metadata":{"resourceVersion":"1"},"items":null}');
  expect(await open().list(configMapKind, { metadataOnly: true })).toMatchObject({ kind: 'ok', value: { items: [] } });
  expect(seen[0]?.headers.accept).toBe('application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json');
});

test('the guard is asked before a change, and for nothing else', async () => {
  let asked = 0;
  const guard = (): number => {
    asked += 1;
    throw new Error('no longer');
  };
  const api = open({ guard });
  await api.get(configMapKind, { namespace: 'ns', name: 'a' });
  await api.apply(configMapKind, intent, { manager: 'm', dryRun: true });
  expect(asked).toBe(0);
  const changes = [
    () => api.create(configMapKind, intent),
    () => api.replace(configMapKind, intent),
    () => api.apply(configMapKind, intent, { manager: 'm' }),
    () => api.applyStatus(configMapKind, intent, { manager: 'm' }),
    () => api.delete(configMapKind, { namespace: 'ns', name: 'a' }),
  ];
  for (const change of changes) await expect(change()).rejects.toThrow('no longer');
  expect(asked).toBe(changes.length);
  expect(seen).toHaveLength(2);
});

test('a change may take no longer than the guard allows', async () => {
  respond = () => {};
  const answer = await open({ guard: () => 30 }).create(configMapKind, intent, { timeoutMs: 20_000 });
  expect(answer).toMatchObject({ kind: 'timedOut', code: 0 });
});

test('without an answer it is timed out or unreachable, also when the answer stops half-way', async () => {
  respond = (_request, response) => void response.writeHead(200).write('{"a":');
  expect((await open().get(configMapKind, { namespace: 'n', name: 'a' }, { timeoutMs: 50 })).kind).toBe('timedOut');
  respond = (request) => request.socket.resetAndDestroy();
  expect((await open().get(configMapKind, { namespace: 'n', name: 'a' })).kind).toBe('unreachable');
  respond = (_request, response) => response.end('no json');
  expect((await open().get(configMapKind, { namespace: 'n', name: 'a' })).kind).toBe('unreachable');
});

test('a request that is given up throws the reason', async () => {
  respond = () => {};
  const stopping = new AbortController();
  const asked = open().get(configMapKind, { namespace: 'n', name: 'a' }, { signal: stopping.signal });
  stopping.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
  await expect(open().get(configMapKind, { namespace: 'n', name: 'a' }, { signal: stopping.signal })).rejects.toThrow('enough');
});

test('a kept connection that was closed meanwhile is replaced, but nothing is created twice', async () => {
  const api = open();
  await api.get(configMapKind, { namespace: 'n', name: 'a' });
  let isFirst = true;
  respond = (request, response) => (isFirst ? request.socket.resetAndDestroy() : response.end('{}'), (isFirst = false));
  expect((await api.get(configMapKind, { namespace: 'n', name: 'a' })).kind).toBe('ok');
  isFirst = true;
  expect((await api.create(configMapKind, intent)).kind).toBe('unreachable');
});

test('connections are kept and shared', async () => {
  const api = open();
  for (let time = 0; time < 20; time += 1) await api.get(configMapKind, { namespace: 'n', name: 'a' });
  expect(access.sockets()).toBe(1);
});

test('beyond the burst requests wait, and those that cannot be sent in time are told so', async () => {
  const api = open({ rate: { perSecond: 20, burst: 2 } });
  const startedMs = performance.now();
  const ask = (timeoutMs?: number) => api.get(configMapKind, { namespace: 'n', name: 'a' }, { timeoutMs });
  const answers = await Promise.all([ask(), ask(), ask(), ask(), ask(10)]);
  expect(answers.map(({ kind }) => kind)).toEqual(['ok', 'ok', 'ok', 'ok', 'timedOut']);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(95);
  expect(seen).toHaveLength(4);
});

test('requests are counted by what they came to', async () => {
  const registry = new Registry();
  const api = open({ count: createApiMetrics(registry) });
  await api.get(configMapKind, { namespace: 'n', name: 'a' });
  respond = (_request, response) => response.writeHead(429).end();
  await api.create(configMapKind, intent);
  respond = (request) => request.socket.resetAndDestroy();
  await api.create(configMapKind, intent);
  const page = await registry.metrics();
  expect(page).toContain(`rest_client_requests_total{code="200",method="GET",host="${access.server.host}"} 1`);
  expect(page).toContain(`rest_client_requests_total{code="429",method="POST",host="${access.server.host}"} 1`);
  expect(page).toContain(`rest_client_requests_total{code="<error>",method="POST",host="${access.server.host}"} 1`);
});
