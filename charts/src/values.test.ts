import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { z } from 'zod';
import { backendsValues, cellValues, operatorValues } from './index.ts';

const root = path.join(import.meta.dirname, '..');
const schemas: Readonly<Record<string, z.ZodObject>> = {
  'driftbox-backends': backendsValues,
  'driftbox-cell': cellValues,
  'driftbox-operator': operatorValues,
};
type Tree = { readonly [name: string]: unknown };
const read = (...file: string[]): Tree => parse(readFileSync(path.join(root, ...file), 'utf8')) as Tree;

describe.each(Object.entries(schemas))('%s', (chart, schema) => {
  test('the defaults lack only what nobody can know', () => {
    const issues = schema.safeParse(read(chart, 'values.yaml')).error?.issues ?? [];
    const missing = issues.map(({ path: at }) => at.join('.'));
    const required = /^(publicUrl|kafka\.brokers|s3\.(endpoint|bucket)|gateway\.hosts|images\.\w+\.digest)$/;
    expect(missing.filter((name) => !required.test(name))).toEqual([]);
    expect(issues.every(({ code }) => code === 'invalid_type')).toBe(true);
  });

  test('each profile is a set of sizes that could be given as values', () => {
    const profiles = read(chart, 'files/profiles.yaml');
    expect(Object.keys(profiles).length).toBeGreaterThan(0);
    const { sizes, profile } = schema.shape as Record<string, z.ZodType>;
    for (const [name, parts] of Object.entries(profiles)) {
      expect(profile?.safeParse(name).success).toBe(true);
      const withoutFixed = structuredClone(parts) as Record<string, Record<string, unknown>>;
      // One Redis is all there ever is.
      if (chart === 'driftbox-backends') delete withoutFixed['redis']?.['replicas'];
      expect(sizes?.safeParse(withoutFixed).error?.issues ?? []).toEqual([]);
    }
  });

  test('a profile asks for no more than it may take', () => {
    const inMi = (text: unknown): number => Number.parseInt(String(text), 10) * (String(text).endsWith('Gi') ? 1024 : 1);
    const inMilli = (text: unknown): number => (String(text).endsWith('m') ? Number.parseInt(String(text), 10) : Number(text) * 1000);
    for (const parts of Object.values(read(chart, 'files/profiles.yaml')) as Record<string, Record<string, unknown>>[]) {
      for (const [part, size] of Object.entries(parts)) {
        expect([part, inMi(size['memory']) <= inMi(size['memoryLimit'])]).toEqual([part, true]);
        expect([part, inMilli(size['cpu']) <= inMilli(size['cpuLimit'])]).toEqual([part, true]);
      }
    }
  });

  test('examples say all that is required', () => {
    const defaults = read(chart, 'values.yaml');
    for (const file of readdirSync(path.join(root, chart, 'ci'))) {
      const merged = merge(defaults, read(chart, 'ci', file));
      expect([file, schema.safeParse(merged).error?.issues ?? []]).toEqual([file, []]);
    }
  });
});

/** As Helm lays values over its defaults: maps are joined, everything else replaces. */
function merge(under: Tree, over: Tree): Tree {
  const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = Object.entries(over).map(([name, value]) => {
    const below = under[name];
    return [name, isTree(value) && isTree(below) ? merge(below, value) : value] as const;
  });
  return { ...under, ...Object.fromEntries(entries) };
}
