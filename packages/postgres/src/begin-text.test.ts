import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { newId } from '@driftbox/testkit';
import { statement } from './statement.ts';
import { beginText } from './transaction.ts';

const tenant = newId(parseTenantId);

test('everything a transaction needs is one message', () => {
  expect(beginText({ tenantId: undefined, schema: undefined }, {}, undefined)).toBe('BEGIN');
  expect(beginText({ tenantId: tenant, schema: undefined }, {}, undefined)).toBe(`BEGIN; SET LOCAL driftbox.tenant = '${tenant}'`);
  expect(beginText({ tenantId: tenant, schema: undefined }, { isolation: 'repeatable read', readOnly: true }, 12.3)).toBe(
    `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 13; SET LOCAL driftbox.tenant = '${tenant}'`,
  );
  const holds = `BEGIN; SET LOCAL driftbox.tenant = '${tenant}'; SELECT hold_tenant()`;
  expect(beginText({ tenantId: tenant, schema: 'notes' }, {}, undefined)).toBe(holds);
  for (const options of [{ readOnly: true }, { erasing: true }])
    expect(beginText({ tenantId: tenant, schema: 'notes' }, options, undefined)).not.toContain('hold_tenant');
  expect(beginText({ tenantId: undefined, schema: undefined }, { plansOnce: true }, undefined)).toBe(
    'BEGIN; SET LOCAL plan_cache_mode = force_generic_plan',
  );
  expect(beginText({ tenantId: undefined, schema: undefined }, {}, -5)).toContain('statement_timeout = 1');
});

test('no text but a canonical UUID ever reaches it as a tenant', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(() => beginText({ tenantId: text as TenantId, schema: undefined }, {}, undefined)).toThrow('canonical UUID');
    }),
  );
  fc.assert(
    fc.property(fc.uuid(), (id) => expect(beginText({ tenantId: id as TenantId, schema: undefined }, {}, undefined)).toContain(id)),
  );
});

test("a statement's name is one text's only, and short enough for the server", () => {
  const first = statement({ name: 'test.once', text: 'SELECT 1' });
  expect(statement({ name: 'test.once', text: 'SELECT 1' })).toEqual(first);
  expect(() => statement({ name: 'test.once', text: 'SELECT 2' })).toThrow('test.once');
  expect(() => statement({ name: 'é'.repeat(32), text: 'SELECT 1' })).toThrow('63 bytes');
  expect(() => statement({ name: '', text: 'SELECT 1' })).toThrow('63 bytes');
});
