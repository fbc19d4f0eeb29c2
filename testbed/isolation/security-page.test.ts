import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isInternal, routes, type Route } from '@driftbox/protocol';
import { expect, test } from '@jest/globals';

const root = path.join(import.meta.dirname, '..', '..');
const page = readFileSync(path.join(root, 'docs', 'security.md'), 'utf8');
const quoted = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!);

test('every test that the page names is there', () => {
  const files = quoted.filter((text) => text.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test('every public endpoint is in the table, and nothing that is none', () => {
  const groupOf = (route: string): string => (route.startsWith('/v1/') ? route.split('/').slice(0, 3).join('/') : route);
  const groups = Object.values<Route>(routes).flatMap((route) => (isInternal(route) ? [] : [groupOf(route.path)]));
  expect(quoted.filter((text) => text.startsWith('/')).sort()).toEqual([...new Set(groups)].sort());
});
