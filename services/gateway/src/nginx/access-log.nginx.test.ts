import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createNginxMetrics } from '../nginx-metrics.ts';
import { acme } from '../testing/cell.ts';
import { startGateway, type TestGateway } from '../testing/gateway.ts';
import { send, sendRaw } from '../testing/send.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ input: { errorLevel: 'crit' } });
});
afterAll(() => gateway?.close());

test('a line tells what happened to a request, and by whom', async () => {
  const authorization = await gateway.cell.bearer();
  const { json } = await send(gateway.tls, '/v1/drives', { headers: { authorization } });
  const line = await waitFor(async () => (await gateway.accessLines()).find(({ requestId }) => requestId === json.headers['x-request-id']));
  expect(line).toMatchObject({
    service: 'gateway',
    route: '/v1/drives',
    method: 'GET',
    status: '200',
    address: '127.0.0.1',
    host: 'acme.test',
    tls: 'TLSv1.3',
    tenantId: acme,
    upstream: gateway.echoes.metadata.address,
    upstreamStatus: '200',
    seconds: expect.any(Number),
    receivedBytes: expect.any(Number),
    sentBytes: expect.any(Number),
  });
});

test('while the disk of both logs is full requests are answered all the same, and afterwards are written down again', async () => {
  const authorization = await gateway.cell.bearer();
  const ask = () => send(gateway.tls, '/v1/drives', { headers: { authorization } });
  await gateway.reload({ accessLog: '/dev/full', errorLog: '/dev/full', errorLevel: 'info' });
  const before = (await gateway.accessLines()).length;
  for (let count = 0; count < 40; count += 1) expect((await ask()).status).toBe(200);
  expect((await fetch(`${gateway.status}/healthz`)).status).toBe(200);
  expect(await gateway.accessLines()).toHaveLength(before);
  await gateway.reload();
  await ask();
  await waitFor(async () => (await gateway.accessLines()).length > before);
});

test('neither log holds a token, a secret of a query, a password or what people call their files, whatever fails', async () => {
  const secret = 'secret-0123456789abcdef';
  const authorization = await gateway.cell.bearer();
  const ask = async (): Promise<void> => {
    await send(gateway.plain, `/v1/content/${secret}`);
    await send(gateway.plain, `/v1/search?q=${secret}`, { headers: { authorization } });
    await send(gateway.plain, `/v1/drives/x/files/${secret}.txt`, {
      method: 'PUT',
      headers: { authorization, cookie: secret, referer: secret },
      body: secret,
    });
    await send(gateway.plain, `/nowhere/${secret}?token=${secret}`, { headers: { 'user-agent': secret } });
    await send(gateway.plain, '/v1/me', { headers: { authorization: `Basic ${Buffer.from(`ada:${secret}`).toString('base64')}` } });
    await send(gateway.plain, '/v1/me', { headers: { authorization: `Bearer ${secret}` } });
  };
  await ask();
  await Promise.all(Object.values(gateway.echoes).map((echo) => echo.close()));
  await ask();
  await gateway.cell.verify.stop();
  await ask();
  await sendRaw(gateway.plain, `GET /${secret}/\0 HTTP/1.1\r\nhost: acme.test\r\n\r\n`);
  const lines = await waitFor(async () => {
    const all = await gateway.accessLines();
    return all.length > 18 ? all : undefined;
  });
  const logged = JSON.stringify(lines) + (await gateway.errorLog());
  for (const hidden of [secret, authorization.slice(7), Buffer.from(`ada:${secret}`).toString('base64')])
    expect(logged).not.toContain(hidden);
  expect(new Set(lines.map(({ status }) => status))).toContain('503');
});

test('its status page counts connections for the cell, on an address of its own', async () => {
  const registry = new Registry();
  createNginxMetrics(registry, async () => (await fetch(`${gateway.status}/stub_status`)).text());
  const figures = await registry.metrics();
  expect(figures).toMatch(/^driftbox_gateway_nginx_up 1$/m);
  expect(figures).toMatch(/^driftbox_gateway_requests_total [1-9]\d*$/m);
  expect((await fetch(`${gateway.status}/v1/capabilities`)).status).toBe(404);
});
