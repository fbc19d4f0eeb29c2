import { describe, expect, test } from '@jest/globals';
import { kinds } from '../kinds.ts';
import { definitionOf } from './definition.ts';
import { structuralSchema, type StructuralSchema } from './structural-schema.ts';

type Node = readonly [path: string, node: StructuralSchema];

function nodes([path, node]: Node): Node[] {
  const properties = Object.entries((node['properties'] ?? {}) as Record<string, StructuralSchema>);
  const below: Node[] = properties.map(([name, child]) => [`${path}.${name}`, child]);
  if (node['items'] !== undefined) below.push([`${path}[]`, node['items'] as StructuralSchema]);
  return [[path, node], ...below.flatMap(nodes)];
}

const all = kinds.flatMap(({ kind, spec, status }) => [
  ...nodes([`${kind}.spec`, structuralSchema(spec)]),
  ...nodes([`${kind}.status`, structuralSchema(status)]),
]);

function pathsWhere(isWrong: (node: StructuralSchema, path: string) => boolean): string[] {
  return all.filter(([path, node]) => isWrong(node, path)).map(([path]) => path);
}

describe('the schemas of all kinds', () => {
  test('say of every field what it is', () => {
    const isField = (path: string): boolean => !path.endsWith('[]') && /\.(spec|status)\./.test(path);
    expect(pathsWhere((node, path) => isField(path) && String(node['description'] ?? '').length < 10)).toEqual([]);
  });

  test('type every node, with types that the API server knows', () => {
    const known = ['object', 'array', 'string', 'integer', 'boolean'];
    expect(pathsWhere(({ type }) => !known.includes(String(type)))).toEqual([]);
  });

  test('bound every text, number, list and map, or the cost of rules would be refused', () => {
    expect(pathsWhere((node) => node['type'] === 'string' && node['maxLength'] === undefined && node['enum'] === undefined)).toEqual([]);
    expect(pathsWhere((node) => node['type'] === 'integer' && (node['minimum'] === undefined || node['maximum'] === undefined))).toEqual(
      [],
    );
    expect(pathsWhere((node) => node['type'] === 'array' && node['maxItems'] === undefined)).toEqual([]);
    expect(pathsWhere((node) => node['additionalProperties'] !== undefined && node['maxProperties'] === undefined)).toEqual([]);
  });

  test('come with columns that are there once, from NAME to the wide MESSAGE', () => {
    for (const kind of kinds) {
      const { versions } = (
        definitionOf(kind) as { spec: { versions: { additionalPrinterColumns: { name: string; priority: number }[] }[] } }
      ).spec;
      const names = ['Name', ...(versions[0]?.additionalPrinterColumns ?? []).map(({ name }) => name)];
      expect(names).toEqual([...new Set(names)]);
      expect(names).toEqual(expect.arrayContaining(['Ready', 'Age', 'Message']));
    }
  });

  test('say of every list how it is merged', () => {
    expect(pathsWhere((node) => node['type'] === 'array' && node['x-kubernetes-list-type'] === undefined)).toEqual([]);
  });
});
