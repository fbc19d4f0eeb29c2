import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { startWireMeter } from './wire-meter.ts';

test('counts what passes, both ways', async () => {
  const server = createServer((request, response) => request.resume().on('end', () => response.end('x'.repeat(5000)))).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const meter = await startWireMeter(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const answer = await fetch(meter.address, { method: 'POST', body: 'y'.repeat(3000) });
  expect((await answer.text()).length).toBe(5000);
  const { upBytes, downBytes, requests } = meter.count();
  expect(requests).toBe(1);
  expect(upBytes).toBeGreaterThan(3000);
  expect(upBytes).toBeLessThan(4000);
  expect(downBytes).toBeGreaterThan(5000);
  expect(downBytes).toBeLessThan(6000);
  meter.reset();
  expect(meter.count()).toEqual({ upBytes: 0, downBytes: 0, requests: 0 });
  await meter.close();
  server.close();
  server.closeAllConnections();
});
