import { expect, test } from '@jest/globals';
import { conditionTypes } from './conditions.ts';
import { judge } from './judge.ts';
import { tenantKind } from './kinds/tenant.ts';

const all = Object.entries(conditionTypes).flatMap(([type, { reasons }]) => Object.keys(reasons).map((reason) => [type, reason] as const));

test.each(all)('a status may say %s because of %s', (type, reason) => {
  const condition = { type, status: 'True', reason, message: 'why', lastTransitionTime: '2026-01-31T12:00:00Z', observedGeneration: 1 };
  const status = { observedGeneration: 1, conditions: [condition] };
  const meta = { apiVersion: 'driftbox.io/v1alpha1', kind: 'Tenant', metadata: { name: 'acme' }, spec: { hosts: ['a.example.com'] } };
  expect(judge(tenantKind, { ...meta, status })).toMatchObject({ ok: true });
  expect(judge(tenantKind, { ...meta, status: { ...status, conditions: [condition, condition] } })).toMatchObject({ ok: false });
});

test('every type and reason says what it means', () => {
  for (const { about, reasons } of Object.values(conditionTypes))
    for (const text of [about, ...Object.values(reasons)]) expect(text).toMatch(/\.$/);
});
