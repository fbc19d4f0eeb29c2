import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { readResources } from './read-resources.ts';

const samples = path.resolve(import.meta.dirname, '../../../crds/samples');
const tenant = (rest: string): string => `apiVersion: driftbox.io/v1alpha1\nkind: Tenant\nmetadata: {name: acme}\nspec: ${rest}\n`;

test.each(readdirSync(samples))('the sample %s is right, and no GitOps tool prunes anything of it', (file) => {
  const text = readFileSync(path.join(samples, file), 'utf8');
  const read = readResources(text);
  if (!read.ok) throw new Error(read.faults.join('; '));
  const all = read.resources.length;
  expect(all).toBeGreaterThan(0);
  expect(text.match(/argocd\.argoproj\.io\/sync-options: Prune=false/g) ?? []).toHaveLength(all);
  expect(text.match(/kustomize\.toolkit\.fluxcd\.io\/prune: disabled/g) ?? []).toHaveLength(all);
});

test('several documents, some of them empty', () => {
  const quota = '{"apiVersion": "driftbox.io/v1alpha1", "kind": "Quota", "metadata": {"name": "q"}, "spec": {}}';
  const text = `# begin\n---\n${tenant('{hosts: [a.example.com]}')}---\n---\n${quota}\n`;
  expect(readResources(text)).toMatchObject({
    ok: true,
    resources: [
      { kind: 'Tenant', name: 'acme', spec: { suspended: false } },
      { kind: 'Quota', name: 'q', spec: { retention: { historyDays: 180 } } },
    ],
  });
});

test.each([
  ['a field that is wrong', tenant('{hosts: [A]}'), 'Tenant acme: spec.hosts[0]: is not a host name'],
  ['a field that does not exist', tenant('{hosts: [a.example.com], host: x}'), 'Tenant acme: spec.host: there is no such field'],
  ['another kind', 'kind: Deployment', 'kind: "Deployment" is none of StoragePool, Quota, Cell, Tenant'],
  ['no kind', 'a: b', 'kind: none is none of'],
  ['another version', tenant('{hosts: [a.example.com]}').replace('v1alpha1', 'v9'), 'Tenant acme: apiVersion:'],
  ['text that is no YAML', 'a: [b', 'line 1'],
  ['a name twice', 'a: 1\na: 2', 'Map keys must be unique'],
  ['a list', '- a', 'kind: none'],
  ['text alone', 'hello', 'kind: none'],
])('%s', (_, text, fault) => {
  expect(readResources(text)).toEqual({ ok: false, faults: expect.arrayContaining([expect.stringContaining(fault)]) });
});

test('a file that unfolds without end is refused', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    'b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]',
    'c: [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
  ].join('\n');
  expect(readResources(bomb)).toEqual({ ok: false, faults: [expect.stringContaining('alias')] });
});
