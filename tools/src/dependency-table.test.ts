import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { declaredPackages, explainedPackages, looseVersions } from './dependency-table.ts';
import { manifest, plantRepository } from './tidy/plant-repository.ts';
import { readRepository } from './tidy/read-repository.ts';

const root = path.resolve(import.meta.dirname, '../..');

test('docs/dependencies.md gives a reason for each declared package, and for no other', () => {
  const page = fs.readFileSync(path.join(root, 'docs/dependencies.md'), 'utf8');
  expect(explainedPackages(page)).toEqual(declaredPackages(readRepository(root)));
});

test('every version is exact', () => {
  expect(looseVersions(readRepository(root))).toEqual([]);
});

test('a row without a reason explains nothing', () => {
  expect(explainedPackages('| `koa` | kit | small |\n| `pg` | kit |  |\n')).toEqual(['koa']);
});

test('a range is not exact', () => {
  const repository = plantRepository({ 'packages/new/package.json': manifest({ name: '@driftbox/new', dependencies: { koa: '^3.0.0' } }) });
  expect(declaredPackages(repository)).toEqual(['koa']);
  expect(looseVersions(repository)).toEqual(['koa ^3.0.0']);
});
