import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { judge } from './judge.ts';
import { kinds } from './kinds.ts';
import { rulesOf, type Rule } from './schema/rule.ts';
import { rows } from './testing/rows.ts';
import { tenantKind } from './kinds/tenant.ts';

describe('judging resources without a cluster', () => {
  test.each(rows.map((row) => [`${row.kind.kind}: ${row.about}`, row] as const))('%s', (_, { kind, sent, old, refused }) => {
    // As sent: fields that are undefined are not there.
    const judged = judge(kind, JSON.parse(JSON.stringify(sent)), old && JSON.parse(JSON.stringify(old)));
    if (refused === undefined) return expect(judged).toMatchObject({ ok: true });
    expect(judged).toMatchObject({ ok: false });
    const faults = judged.ok ? [] : judged.faults;
    const { path, message } = refused;
    expect(faults.map((fault) => fault.path)).toContain(path);
    const isRule = everyRule.some((rule) => rule.message.includes(message));
    if (isRule) expect(faults.map((fault) => fault.message)).toContainEqual(expect.stringContaining(message));
  });

  test('fills in what was left out', () => {
    const sent = { apiVersion: 'driftbox.io/v1alpha1', kind: 'Tenant', metadata: { name: 'acme' }, spec: { hosts: ['a.example.com'] } };
    expect(judge(tenantKind, sent)).toMatchObject({
      ok: true,
      resource: { spec: { isolation: { shared: {} }, identity: { signUp: 'invite' }, deletionPolicy: 'Retain', suspended: false } },
    });
  });

  test('something that is no resource is refused', () => {
    for (const value of [undefined, null, 1, 'x', [], {}]) expect(judge(tenantKind, value)).toMatchObject({ ok: false });
  });
});

const everyRule: readonly Rule[] = kinds.flatMap(({ resource }) => rulesIn(resource));

function rulesIn(schema: z.core.$ZodType): readonly Rule[] {
  const own = rulesOf(schema);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return [...own, ...rulesIn(schema.unwrap())];
  if (schema instanceof z.ZodObject) return [...own, ...Object.values(schema.shape as Record<string, z.core.$ZodType>).flatMap(rulesIn)];
  return schema instanceof z.ZodArray ? [...own, ...rulesIn(schema.element)] : own;
}

test('every rule of every kind is broken by a row', () => {
  const shown = rows.flatMap(({ refused }) => (refused === undefined ? [] : [refused.message]));
  const unshown = everyRule.filter(({ cel, message }) => cel !== undefined && !shown.some((one) => message.includes(one)));
  expect(new Set(unshown.map(({ message }) => message))).toEqual(new Set());
});

test('there are rows enough, good and bad', () => {
  expect(rows.length).toBeGreaterThanOrEqual(120);
  for (const { kind } of kinds) expect(rows.filter((row) => row.kind.kind === kind && row.refused === undefined).length).toBeGreaterThan(5);
});
