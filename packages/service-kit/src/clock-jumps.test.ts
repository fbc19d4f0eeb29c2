import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { defineRoute } from '@driftbox/protocol';
import { falseClock, waitFor } from '@driftbox/testkit';
import { z } from 'zod';
import { createKeySource } from './key-source.ts';
import { LookupCache } from './lookup-cache.ts';
import { PolledRevocations } from './revocations.ts';
import { handle } from './route-request.ts';
import { bearer, claimsOf, createWorld } from './testing/world.ts';

const dayMs = 86_400_000;
const publicKey = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const clock = falseClock();
afterEach(() => clock.set(0));
afterAll(() => clock[Symbol.dispose]());

/** Runs `work` while the clock is a day ahead, and puts it right. */
async function aDayAhead(work: () => unknown): Promise<void> {
  clock.set(dayMs);
  await work();
  clock.set(0);
}

const atWork: { duringRequest: () => void } = { duringRequest: () => {} };
const work = defineRoute({
  name: 'work',
  service: 'metadata',
  summary: 'test',
  method: 'GET',
  path: '/v1/work',
  auth: 'user',
  answer: z.object({}),
});
const bindings = [
  handle(work, () => {
    atWork.duringRequest();
    return {};
  }),
];
const ask = async (on: ReturnType<typeof createWorld>['service'], authorization: string) => {
  const { status, headers } = await on.transport({ method: 'GET', path: '/v1/work', headers: { host: 'acme.test', authorization } });
  return { status, headers };
};

describe('a clock that was set a day ahead, and back', () => {
  test('lets nobody in who was signed out', async () => {
    const claims = claimsOf();
    const page = { sessions: [claims.sid], users: [], tenants: [], nextCursor: 'c' };
    const fetch = (cursor: string | undefined) => Promise.resolve(cursor === undefined ? page : { ...page, sessions: [] });
    const revocations = new PolledRevocations({ fetch });
    const { service } = createWorld(bindings, { revocations });
    const authorization = await bearer(claims);
    await revocations.poll();
    expect((await ask(service, authorization)).status).toBe(401);
    await aDayAhead(async () => {
      expect((await ask(service, authorization)).status).toBe(401);
      await revocations.poll();
    });
    expect((await ask(service, authorization)).status).toBe(401);
  });

  test('does not make what was looked up meanwhile last for a day', async () => {
    let answer = 'old';
    const cache = new LookupCache({ ask: () => Promise.resolve(answer), freshMs: 5, keepMs: 60_000, maximum: 10 });
    await aDayAhead(() => cache.get('a'));
    answer = 'new';
    await waitFor(async () => (await cache.get('a')) === 'new');
  });

  test('does not keep a new signing key unknown for a day', async () => {
    let ids = ['old'];
    const fetch = () => Promise.resolve({ keys: ids.map((kid) => ({ ...publicKey, kid })) });
    const keys = createKeySource({ fetch, minimumRefetchMs: 5 });
    await aDayAhead(() => keys.find('old'));
    ids = ['old', 'new'];
    await waitFor(async () => (await keys.find('new')) !== undefined);
  });

  test('makes nobody wait longer than a window for the next request', async () => {
    const { service } = createWorld(bindings, { rateLimit: { perUser: { requests: 1, seconds: 60 } } });
    const authorization = await bearer({}, 2 * dayMs);
    await aDayAhead(() => ask(service, authorization));
    const { status, headers } = await ask(service, authorization);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
  });
});

test.each([-dayMs, dayMs])('a clock that is set by %d ms during a request changes nothing about how long that took', async (byMs) => {
  const { service, registry, lines } = createWorld(bindings);
  const authorization = await bearer();
  const beganMs = performance.now();
  atWork.duringRequest = () => clock.set(byMs);
  expect((await ask(service, authorization)).status).toBe(200);
  const tookMs = performance.now() - beganMs;
  const [, seconds] = /^http_server_request_duration_seconds_sum\S* (\S+)$/m.exec(await registry.metrics()) ?? [];
  for (const ms of [Number(seconds) * 1_000, Number(lines.at(-1)?.['ms'])]) {
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(ms).toBeLessThanOrEqual(tookMs + 1);
  }
});
