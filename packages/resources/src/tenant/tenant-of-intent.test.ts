import assert from 'node:assert/strict';
import { parseTenantId } from '@driftbox/domain';
import { tenantIntent, type TenantIntent } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge } from '../judge.ts';
import { tenantKind } from '../kinds/tenant.ts';
import { parseQuantity, writeQuantity } from '../quantity.ts';
import { tenantIntentOf, type TenantSpec } from './tenant-intent.ts';
import { tenantOfIntent } from './tenant-of-intent.ts';

const tenantId = newId(parseTenantId);

/** What the services would be told of the Tenant that an intent makes. */
function again(intent: TenantIntent): TenantIntent {
  const judged = judge(tenantKind, tenantOfIntent(intent));
  assert(judged.ok, JSON.stringify(judged));
  const { spec } = judged.resource as { readonly spec: TenantSpec };
  return tenantIntent.parse(tenantIntentOf(tenantId, 'acme', spec, undefined));
}

const count = fc.integer({ min: 0, max: 1_000_000_000 });
const days = fc.integer({ min: 0, max: 3_650 });
const bytes = fc.oneof(
  fc.integer({ min: 1, max: 999_999_999_999 }),
  fc.integer({ min: 1, max: 4_000 }).map((gigas) => gigas * 2 ** 30),
);
const rate = fc.integer({ min: 1, max: 500_000 });
const limits = fc
  .record(
    {
      logicalBytes: bytes,
      files: count,
      users: count,
      uploads: count,
      sockets: count,
      links: count,
      historyDays: days,
      trashDays: days,
      requestsPerSecond: rate,
      userRequestsPerSecond: rate,
    },
    { requiredKeys: [] },
  )
  .map((some) => ({
    ...some,
    // Never more than all, nor at once less than in a second.
    ...(some.logicalBytes === undefined ? {} : { userBytes: some.logicalBytes, fileBytes: Math.min(some.logicalBytes, 5) }),
    ...(some.requestsPerSecond === undefined ? {} : { requestBurst: some.requestsPerSecond * 2 }),
    ...(some.userRequestsPerSecond === undefined ? {} : { userRequestBurst: some.userRequestsPerSecond }),
  }));
const intents = fc.record(
  {
    name: fc.constantFrom('Acme & Co', '日本', 'a'),
    signUp: fc.constantFrom('open' as const, 'invite' as const, 'closed' as const),
    limits,
    linkPolicy: fc.record({ allowed: fc.boolean(), password: fc.constantFrom('optional' as const, 'required' as const) }),
    brake: fc.record({ on: fc.boolean(), files: fc.integer({ min: 1, max: 90 }), windowMinutes: fc.integer({ min: 1, max: 1_440 }) }),
  },
  { requiredKeys: ['name'] },
);

test('the Tenant that an intent makes says the same to the services, but that it is suspended', () => {
  fc.assert(
    fc.property(intents, (some) => {
      const intent = tenantIntent.parse({ tenantId, hosts: ['files.acme.example'], ...some });
      expect(again(intent)).toEqual({ ...intent, suspended: true });
    }),
  );
});

test('what is as by default is left out, and providers whose secrets nobody kept', () => {
  const issuer = { name: 'corp', issuer: 'https://login.example.com', clientId: 'c' };
  const intent = tenantIntent.parse({ tenantId, name: 'Acme & Co', hosts: ['a.example.com'], issuers: [issuer] });
  expect(tenantOfIntent(intent)).toEqual({
    apiVersion: 'driftbox.io/v1alpha1',
    kind: 'Tenant',
    metadata: { name: 'acme-co' },
    spec: { displayName: 'Acme & Co', hosts: ['a.example.com'], suspended: true },
  });
});

test('sizes are exact where they can be, and never less', () => {
  expect([2n ** 40n, 5_000_000n, 1_234_567n, 999_999_999_999n, 0n].map(writeQuantity)).toEqual([
    '1Ti',
    '5M',
    '1234567',
    '999999999999',
    '1',
  ]);
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: BigInt(Number.MAX_SAFE_INTEGER) }), (size) => {
      const written = parseQuantity(writeQuantity(size)) ?? 0n;
      expect(written >= size && written - size <= size / 1_000_000n).toBe(true);
    }),
  );
});
