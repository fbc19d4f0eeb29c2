import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporaryFolder, type TemporaryFolder } from '@driftbox/testkit';
import { readTenantFiles } from './tenant-files.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

function resource(kind: string, name: string, spec: string): string {
  return `apiVersion: driftbox.io/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
}

let files = 0;
async function read(...texts: string[]) {
  const names = texts.map(() => path.join(folder.path, `${(files += 1)}.yaml`));
  await Promise.all(names.map((name, n) => writeFile(name, texts[n] ?? '')));
  return readTenantFiles(names);
}

test('a tenant finds its quota in another file', async () => {
  const tenants = await read(
    resource('Tenant', 'acme', '{hosts: [a.example.com], quota: team}'),
    resource('Quota', 'team', '{storage: 1Gi}'),
  );
  expect(tenants).toMatchObject([{ name: 'acme', spec: { hosts: ['a.example.com'] }, quota: { storage: '1Gi' } }]);
  expect(await read()).toEqual([]);
});

const acme = resource('Tenant', 'acme', '{hosts: [a.example.com]}');

test.each([
  ['a wrong field', [resource('Tenant', 'acme', '{hosts: []}')], /\d\.yaml: Tenant acme: spec\.hosts: /],
  ['a quota that is nowhere', [resource('Tenant', 'acme', '{hosts: [a.example.com], quota: q}')], /spec\.quota: no file has a Quota q/],
  ['the same tenant twice', [acme, acme.replace('a.example', 'b.example')], /Tenant acme is there twice/],
  ['one host for two', [acme, acme.replace('acme', 'globex')], /the host a\.example\.com is claimed by two tenants/],
  ['a pool', [resource('StoragePool', 'p', '{bundled: {driveSize: 1Gi}}')], /StoragePool p: this server is the only cell and pool/],
])('%s stops everything, and says where', async (_, texts, complaint) => {
  await expect(read(...texts)).rejects.toThrow(complaint);
});

test('all that is wrong is said at once', async () => {
  const wrong = read(resource('Tenant', 'one', '{}'), resource('Quota', 'two', '{files: many}'));
  await expect(wrong).rejects.toThrow(/Tenant one: spec\.hosts[^]*Quota two: spec\.files/);
});
