import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { readResources } from './read-resources.ts';
import { renderResources, writeManifests } from './render-resources.ts';
import { hostClaimName } from './tenant/tenant-objects.ts';

const samples = path.resolve(import.meta.dirname, '../../../crds/samples');
const header = (kind: string, name: string, spec: string): string =>
  `apiVersion: driftbox.io/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n---\n`;
const pool = header('StoragePool', 'main', '{external: {endpoint: "https://s3.example.com", bucket: packs, credentialsSecret: s3}}');
const cell = (more: string): string => header('Cell', 'eu', `{version: 0.1.0, domain: eu.example.com, pools: [main]${more}}`);

function render(text: string) {
  const read = readResources(text);
  if (!read.ok) throw new Error(read.faults.join('; '));
  return renderResources(read.resources, 'driftbox-system');
}

test('the samples become a record, claims and an invitation, as YAML that reads back', async () => {
  const files = ['pool-bundled.yaml', 'quota.yaml', 'cell.yaml', 'tenant.yaml'];
  const text = (await Promise.all(files.map((file) => readFile(path.join(samples, file), 'utf8')))).join('\n---\n');
  const { objects, intents, problems } = render(text);
  expect(problems).toEqual([]);
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ConfigMap tenant-00000000-0000-0000-0000-000000000000',
    `ConfigMap ${hostClaimName('acme.files.example.com')}`,
    'Secret tenant-acme-invitation',
  ]);
  expect(intents).toMatchObject([
    { name: 'Acme', hosts: ['acme.files.example.com'], limits: { logicalBytes: 2 * 2 ** 40, userBytes: 50 * 2 ** 30 } },
  ]);
  expect(parseAllDocuments(writeManifests(objects)).map((document) => document.toJS() as unknown)).toEqual(objects);
});

test.each([
  ['an Ingress', ', expose: {ingress: {className: nginx}}, tls: {issuer: le}', ['Ingress', 'Certificate']],
  ['a Gateway', ', expose: {gateway: {name: public, namespace: edge}}', ['HTTPRoute']],
])('hosts elsewhere get %s', (_, expose, expected) => {
  const { objects } = render(pool + cell(expose) + header('Tenant', 'acme', '{hosts: [a.eu.example.com, files.acme.example]}'));
  const routes = objects.filter(({ metadata }) => metadata.namespace === 'driftbox-cell-eu');
  expect(routes.map(({ kind }) => kind)).toEqual(expected);
  expect(JSON.stringify(routes)).toContain('files.acme.example');
  expect(JSON.stringify(routes)).not.toContain('a.eu.example.com');
});

test.each([
  ['no quota', pool + cell('') + header('Tenant', 'acme', '{hosts: [a.eu.example.com], quota: q}'), 'there is no Quota q'],
  ['no cell', pool + header('Tenant', 'acme', '{hosts: [a.eu.example.com], isolation: {shared: {cell: eu}}}'), 'there is no Cell eu'],
  ['no pool', cell('') + header('Tenant', 'acme', '{hosts: [a.eu.example.com]}'), 'there is no StoragePool main'],
  ['no way to a host', pool + cell('') + header('Tenant', 'acme', '{hosts: [a.b.eu.example.com]}'), 'nothing leads to a.b.eu.example.com'],
  ['a cell of its own', header('Tenant', 'acme', '{hosts: [a.eu.example.com], isolation: {dedicated: {template: t}}}'), 'after t'],
])('%s is said', (_, text, expected) => {
  expect(render(text).problems.join()).toContain(expected);
});
