import { Counter, Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Health } from './health.ts';
import { openProbeDoor, type ProbeDoor } from './open-probe-door.ts';

let door: ProbeDoor;
let alive: Health;
let ready: Health;

beforeEach(async () => {
  alive = { isWell: true, text: 'ok' };
  ready = { isWell: false, text: 'not yet listed: Quota' };
  const registry = new Registry();
  new Counter({ name: 'driftbox_things_total', help: 'Things', registers: [registry] }).inc(3);
  door = await openProbeDoor({ host: '127.0.0.1', port: 0, alive: () => alive, ready: () => ready, registry });
});
afterEach(() => door.close());

async function ask(path: string): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${door.port}${path}`);
  return [response.status, await response.text()];
}

test('probes are told how it is now', async () => {
  expect([await ask('/healthz'), await ask('/readyz')]).toEqual([
    [200, 'ok\n'],
    [503, 'not yet listed: Quota\n'],
  ]);
  alive = { isWell: false, text: 'the elector died' };
  ready = { isWell: true, text: 'ready' };
  expect([await ask('/healthz'), await ask('/readyz')]).toEqual([
    [503, 'the elector died\n'],
    [200, 'ready\n'],
  ]);
});

test('metrics are in the text format, anything else is not there', async () => {
  const [status, text] = await ask('/metrics');
  expect(status).toBe(200);
  expect(text).toContain('driftbox_things_total 3');
  expect((await ask('/'))[0]).toBe(404);
});

test('an address that is taken is an error', async () => {
  const again = openProbeDoor({ host: '127.0.0.1', port: door.port, alive: () => alive, ready: () => ready, registry: new Registry() });
  await expect(again).rejects.toThrow('EADDRINUSE');
});
