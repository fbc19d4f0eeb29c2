import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { withHealth } from './health.ts';
import { createLogger } from './logger.ts';
import { checkParts } from './readiness.ts';

async function askReadiness(ready: () => Promise<void>): Promise<{ status: number; text: string }> {
  const log = createLogger({ service: 'test', level: 'silent' });
  const server = createServer(withHealth(() => {}, { ready, registry: new Registry(), log })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`);
    return { status: answer.status, text: await answer.text() };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('readiness names every part that is missing, and no other', async () => {
  const there = async (): Promise<void> => {};
  const away = async (): Promise<void> => {
    throw new Error('connect ECONNREFUSED postgresql://auth:secret@db');
  };
  expect(await askReadiness(checkParts({ database: there, pool: there }))).toEqual({ status: 200, text: 'ready\n' });
  expect(await askReadiness(checkParts({ database: there, pool: away }))).toEqual({ status: 503, text: 'not ready: pool\n' });
  expect(await askReadiness(checkParts({ database: away, pool: away }))).toEqual({ status: 503, text: 'not ready: database, pool\n' });
  expect(await askReadiness(away)).toEqual({ status: 503, text: 'not ready\n' });
});
