import assert from 'node:assert/strict';
import { freePort } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { observedOf, settledCell } from '../testing/rotating-cell.ts';
import { backendsRelease } from './cell-releases.ts';
import { reachRedis, seeRedis } from './redis-passwords.ts';

const { input } = observedOf(settledCell());
assert(input !== undefined);

test('it is reached by its name in the cluster, by TLS where the cell has an authority for its inside, and lets the operator in', () => {
  expect(reachRedis(input)).toEqual({ url: 'redis://eu-backends-redis.driftbox-cell-eu.svc:6379' });
  const inner = { authority: 'the authority', leaves: {} } as NonNullable<typeof input.inner>;
  expect(reachRedis({ ...input, inner })).toEqual({
    url: 'rediss://eu-backends-redis.driftbox-cell-eu.svc:6380',
    trust: { ca: ['the authority'] },
  });
  expect(backendsRelease(input).values).toMatchObject({
    networkPolicy: { operator: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'system' } } } },
  });
});

test('what is in the way of asking is said', async () => {
  const port = await freePort();
  const seen = await seeRedis(() => ({ url: `redis://127.0.0.1:${port}` }), input);
  expect(seen).toEqual({ message: `connect ECONNREFUSED 127.0.0.1:${port}` });
});

test('a Redis of others, and one of a version that knows one password, are not asked', async () => {
  const reach = (): never => {
    throw new Error('nobody is to be asked');
  };
  const redis = { external: { host: 'redis.example.com', port: 6379, tls: false } } as typeof input.spec.redis;
  expect(await seeRedis(reach, { ...input, spec: { ...input.spec, redis } })).toBeUndefined();
  expect(await seeRedis(reach, { ...input, version: { ...input.version, version: '0.1.0' } })).toBeUndefined();
});
